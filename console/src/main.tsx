import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { Center, Loader, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { restoreSession } from './session.tsx';
import { quietButLegible, theme } from './theme.ts';

/** What the page's policy lets styles in by. The kit's own are given it here, those of what it stands on by this name. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

const restored = restoreSession();

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={quietButLegible} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" />
      <Suspense fallback={<Restoring />}>
        <App restored={restored} />
      </Suspense>
    </MantineProvider>
  </StrictMode>,
);

function Restoring() {
  return (
    <Center mih="100vh">
      <Loader aria-label="Signing in" />
    </Center>
  );
}
