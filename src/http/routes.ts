import { deactivateRoute } from './routes/deactivate.ts';
import { getRoute } from './routes/get.ts';
import { provisionRoute } from './routes/provision.ts';
import { reactivateRoute } from './routes/reactivate.ts';
import type { ContractRoute } from './routes/route.ts';

/** The contract, in its own order. */
export const CONTRACT_ROUTES: readonly ContractRoute[] = [provisionRoute, deactivateRoute, reactivateRoute, getRoute];
