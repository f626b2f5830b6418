import { engineUnavailable } from '../../domain/errors.ts';
import type { Secret } from '../../domain/secret.ts';

/** RFC 7617. */
export function basic(user: string, password: Secret | undefined): string {
  return `Basic ${Buffer.from(`${user}:${password?.reveal() ?? ''}`).toString('base64')}`;
}

export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw engineUnavailable('the engine answered what is no JSON');
  }
}
