import { deactivateRoute } from './routes/deactivate.ts';
import { getRoute } from './routes/get.ts';
import { provisionRoute } from './routes/provision.ts';
import { reactivateRoute } from './routes/reactivate.ts';
import { signOnRoute } from './routes/sign-on.ts';
import type { ContractRoute } from './routes/route.ts';

/** The contract, in its own order, and after it what speaks as it does. */
export const CONTRACT_ROUTES: readonly ContractRoute[] = [provisionRoute, deactivateRoute, reactivateRoute, getRoute, signOnRoute];
