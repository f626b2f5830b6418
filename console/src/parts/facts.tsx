import { Card, DataList, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** What is known of something, by name. */
export function Facts({ children }: { children: ReactNode }) {
  return <DataList labelWidth="9rem">{children}</DataList>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{label}</DataList.ItemLabel>
      <DataList.ItemValue>{children}</DataList.ItemValue>
    </DataList.Item>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}
