import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Frame } from './frame.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Problem } from './parts/problem.tsx';

const STATUSES = ['active', 'inactive', 'terminated', 'erased'] as const;
export type ClientStatus = (typeof STATUSES)[number];
const OPERATION_VIEWS = ['attention', 'all', 'orphans'] as const;
export type OperationView = (typeof OPERATION_VIEWS)[number];

/** What can be asked for in the address is in the address, so that a colleague can be sent it. */
export interface ClientSearch {
  q?: string | undefined;
  status?: ClientStatus | undefined;
  company?: number | undefined;
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <NotFound />,
  errorComponent: ({ error }) => <Problem error={error} />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/clients' });
  },
});

const clients = createRoute({
  getParentRoute: () => root,
  path: '/clients',
  validateSearch: ({ q, status, company }: Record<string, unknown>): ClientSearch => ({
    // The router reads digits as a number.
    q: typeof q === 'string' || typeof q === 'number' ? String(q) || undefined : undefined,
    status: STATUSES.find((one) => one === status),
    company: Number.isSafeInteger(company) && (company as number) > 0 ? (company as number) : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/clients.tsx'), 'Clients'),
});

const client = createRoute({
  getParentRoute: () => root,
  path: '/clients/$clientId',
  component: lazyRouteComponent(() => import('./pages/client.tsx'), 'ClientPage'),
});

const conferences = createRoute({
  getParentRoute: () => root,
  path: '/conferences',
  component: lazyRouteComponent(() => import('./pages/conferences.tsx'), 'Conferences'),
});

const operations = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  validateSearch: ({ view }: Record<string, unknown>): { view?: OperationView | undefined } => ({
    view: OPERATION_VIEWS.find((one) => one === view),
  }),
  component: lazyRouteComponent(() => import('./pages/operations.tsx'), 'Operations'),
});

const routeTree = root.addChildren([home, clients, client, conferences, operations]);

export function makeRouter() {
  return createRouter({ routeTree, basepath: '/console', defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
