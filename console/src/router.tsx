import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Frame } from './frame.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Problem } from './parts/problem.tsx';
import { readClientSearch, readOperationSearch } from './search.ts';

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
  validateSearch: readClientSearch,
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
  validateSearch: readOperationSearch,
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
