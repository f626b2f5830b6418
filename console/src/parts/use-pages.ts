import type { Page } from '@parley/client';
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

interface Pages<Item> {
  queryKey: QueryKey;
  read: (after: number | undefined, signal: AbortSignal) => Promise<Page<Item>>;
  /** How often it is looked at again, all that is shown. */
  everyMs?: number;
  /** Whether the items of the question before stay until this one is answered. */
  keepsPrevious?: boolean;
}

/** A list of the API, page after page as they are asked for. */
export function usePages<Item>({ queryKey, read, everyMs, keepsPrevious = false }: Pages<Item>) {
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: everyMs ?? false,
    placeholderData: (before) => (keepsPrevious ? before : undefined),
  });
  return { found, items: found.data?.pages.flatMap(({ items }) => items) ?? [] };
}
