import { Button, Group } from '@mantine/core';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Where a list goes on. */
export function MoreButton({ found: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { found: Pages }) {
  if (!hasNextPage) return undefined;
  return (
    <Group justify="center">
      <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more
      </Button>
    </Group>
  );
}
