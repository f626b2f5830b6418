import type { ClientStatus } from '@parley/client';

export const CLIENT_STATUSES = ['active', 'inactive', 'terminated', 'erased'] as const satisfies readonly ClientStatus[];
const OPERATION_VIEWS = ['attention', 'all', 'orphans'] as const;

type Given = Readonly<Record<string, unknown>>;

/** What can be asked for is in the address, so that a colleague can be sent it. */
export interface ClientSearch {
  q?: string | undefined;
  status?: ClientStatus | undefined;
  company?: number | undefined;
}

export interface OperationSearch {
  view?: (typeof OPERATION_VIEWS)[number] | undefined;
}

export function readClientSearch({ q, status, company }: Given): ClientSearch {
  return {
    // The router reads digits as a number.
    q: typeof q === 'string' || typeof q === 'number' ? String(q) || undefined : undefined,
    status: CLIENT_STATUSES.find((one) => one === status),
    company: Number.isSafeInteger(company) && (company as number) > 0 ? (company as number) : undefined,
  };
}

export function readOperationSearch({ view }: Given): OperationSearch {
  return { view: OPERATION_VIEWS.find((one) => one === view) };
}
