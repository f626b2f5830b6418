import { Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** The heading of a page, which is also the name of its tab. */
export function PageHead({ title, beside, children }: { title: string; beside?: ReactNode; children?: ReactNode }) {
  useDocumentTitle(`${title} · Parley`);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Group gap="sm">
        <Title order={1}>{title}</Title>
        {beside}
      </Group>
      {children}
    </Group>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
