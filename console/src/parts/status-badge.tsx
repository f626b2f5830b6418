import { Badge } from '@mantine/core';

const COLOURS: Readonly<Record<string, string>> = { active: 'teal', inactive: 'orange', terminated: 'gray', erased: 'gray' };

export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge variant="dot" color={COLOURS[status] ?? 'gray'} tt="none">
      {status}
    </Badge>
  );
}
