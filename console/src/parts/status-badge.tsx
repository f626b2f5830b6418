import { Badge } from '@mantine/core';
import type { ClientStatus } from '@parley/client';

const COLOURS: Readonly<Record<ClientStatus, string>> = { active: 'teal', inactive: 'orange', terminated: 'gray', erased: 'gray' };

export function StatusBadge({ status }: { status: ClientStatus }) {
  return (
    <Badge variant="dot" color={COLOURS[status]} tt="none">
      {status}
    </Badge>
  );
}
