import type { Client } from '@parley/client';

export function nameOf({ first, last, status }: Pick<Client, 'first' | 'last' | 'status'>): string {
  return status === 'erased' ? 'Erased client' : `${first} ${last}`.trim();
}
