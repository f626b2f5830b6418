import { Parley, type TokenIdentity } from '@parley/client';
import { createContext, use } from 'react';
import { isUnauthorized, sentenceOf } from './parts/problem.tsx';

export type Scope = TokenIdentity['scopes'][number];

/** Who is signed in: what the token is, and the API as it sees it. */
export interface Session {
  parley: Parley;
  identity: TokenIdentity;
}

/** Signed out with a sentence for the page where it was not the user who wanted it. */
export type SignedOut = { why?: string | undefined };

export const TOKEN_ENDED = 'Your token does not open anything any more. Sign in with another.';

/** In this tab alone, and gone with it. */
const KEY = 'parley.token';

export async function signIn(token: string): Promise<Session> {
  const parley = new Parley({ url: window.location.origin, token, retries: 2 });
  const identity = await parley.identify();
  sessionStorage.setItem(KEY, token);
  return { parley, identity };
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Who was signed in when the page was loaded again. */
export async function restoreSession(): Promise<Session | SignedOut> {
  const token = sessionStorage.getItem(KEY);
  if (token === null) return {};
  try {
    return await signIn(token);
  } catch (error) {
    if (isUnauthorized(error)) forgetToken();
    return { why: isUnauthorized(error) ? TOKEN_ENDED : sentenceOf(error) };
  }
}

interface SignedIn extends Session {
  signOut: () => void;
}

export const SessionContext = createContext<SignedIn | undefined>(undefined);

export function useSession(): SignedIn {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('Nobody is signed in.');
  return session;
}

export function useMay(scope: Scope): boolean {
  return useSession().identity.scopes.includes(scope);
}
