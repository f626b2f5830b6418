import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { use, useState } from 'react';
import { SignIn } from './pages/sign-in.tsx';
import { isUnauthorized } from './parts/problem.tsx';
import { makeRouter } from './router.tsx';
import { forgetToken, type Session, SessionContext, type SignedOut, signIn, TOKEN_ENDED } from './session.tsx';

export function App({ restored }: { restored: Promise<Session | SignedOut> }) {
  const [state, setState] = useState(use(restored));
  if (!('parley' in state)) return <SignIn why={state.why} signIn={async (token) => setState(await signIn(token))} />;
  const signOut = (why?: string): void => {
    forgetToken();
    setState({ why });
  };
  return <SignedIn session={state} signOut={signOut} />;
}

/** What was read belongs to the token that read it: another sign-in begins with nothing. */
function SignedIn({ session, signOut }: { session: Session; signOut: (why?: string) => void }) {
  const [router] = useState(makeRouter);
  const [queries] = useState(() => {
    const onError = (error: unknown): void => {
      if (isUnauthorized(error)) signOut(TOKEN_ENDED);
    };
    return new QueryClient({
      queryCache: new QueryCache({ onError }),
      mutationCache: new MutationCache({ onError }),
      // The client repeats what is worth repeating by itself.
      defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
    });
  });
  const [signedIn] = useState({ ...session, signOut: () => signOut() });
  return (
    <SessionContext value={signedIn}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </SessionContext>
  );
}
