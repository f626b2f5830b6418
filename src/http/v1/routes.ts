import type { V1Route } from './route.ts';
import { listAuditRoute } from './routes/list-audit.ts';
import { listEventsRoute } from './routes/list-events.ts';
import { streamEventsRoute } from './routes/stream-events.ts';

/** Resources: what the contract lacks. */
export const V1_ROUTES: readonly V1Route[] = [listEventsRoute, streamEventsRoute, listAuditRoute];
