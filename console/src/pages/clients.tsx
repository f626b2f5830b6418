import { Anchor, Button, Code, EmptyState, Group, NativeSelect, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import type { Client } from '@parley/client';
import { useRef, useState } from 'react';
import { nameOf } from '../parts/client-name.ts';
import { AnchorLink } from '../parts/links.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { usePages } from '../parts/use-pages.ts';
import { When } from '../parts/when.tsx';
import { CLIENT_STATUSES, type ClientSearch } from '../search.ts';
import { useSession } from '../session.tsx';
import { findClients, MOST_FOUND } from './find-clients.ts';

const route = getRouteApi('/clients');

export function Clients() {
  const { parley } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: ClientSearch): void => void navigate({ search: (now) => ({ ...now, ...changes }), replace: true });
  const { found, items: clients } = usePages({
    queryKey: ['clients', search],
    read: (after, signal) => findClients(parley, search, after, signal),
    keepsPrevious: true,
  });

  return (
    <>
      <PageHead title="Clients" />
      <Group mb="md" gap="sm" align="flex-end">
        <SearchBox q={search.q ?? ''} onSearch={(q) => change({ q: q === '' ? undefined : q })} />
        <NativeSelect
          label="Status"
          data={['all', ...CLIENT_STATUSES]}
          value={search.status ?? 'all'}
          onChange={({ currentTarget }) => change({ status: CLIENT_STATUSES.find((one) => one === currentTarget.value) })}
        />
        {search.company !== undefined && (
          <Button variant="light" onClick={() => change({ company: undefined })}>
            Of company {search.company}: show all
          </Button>
        )}
      </Group>
      {found.error && <Problem error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={240} aria-label="Looking" />}
      {found.isSuccess && clients.length === 0 && <Nothing search={search} />}
      {clients.length > 0 && (
        <Stack gap="sm" opacity={found.isPlaceholderData ? 0.6 : 1}>
          <ClientTable clients={clients} />
          <MoreButton found={found} />
          {!found.hasNextPage && (
            <Text size="sm" c="dimmed" ta="center" component="output">
              {countOf(clients.length, search.q !== undefined)}
            </Text>
          )}
        </Stack>
      )}
    </>
  );
}

function countOf(clients: number, isSearch: boolean): string {
  if (isSearch && clients >= MOST_FOUND) return `The best ${clients} matches. Add a word to see others.`;
  return clients === 1 ? '1 client' : `${clients.toLocaleString()} clients`;
}

/** What is typed is looked for when the typing pauses; what the address says is in the box. `/` goes to it from anywhere. */
function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  const search = useDebouncedCallback((text: string) => onSearch(text), 250);
  if (q !== known) {
    setKnown(q);
    if (q !== typed.trim()) setTyped(q);
  }
  useHotkeys([['/', () => box.current?.focus()]]);
  return (
    <TextInput
      ref={box}
      type="search"
      label="Find"
      placeholder="Name, company, e-mail, id, pass code or caller's number"
      flex={1}
      miw={220}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        search(currentTarget.value.trim());
      }}
    />
  );
}

function ClientTable({ clients }: { clients: readonly Client[] }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>E-mail</Table.Th>
            <Table.Th>Company</Table.Th>
            <Table.Th>Your id</Table.Th>
            <Table.Th>Client id</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clients.map((client) => (
            <Table.Tr key={client.clientId}>
              <Table.Td>
                <AnchorLink to="/clients/$clientId" params={{ clientId: String(client.clientId) }} fw={500} fz="inherit">
                  {nameOf(client)}
                </AnchorLink>
              </Table.Td>
              <Table.Td>{client.email}</Table.Td>
              <Table.Td>{client.company.name}</Table.Td>
              <Table.Td>{client.externalId}</Table.Td>
              <Table.Td>{client.clientId}</Table.Td>
              <Table.Td>
                <StatusBadge status={client.status} />
              </Table.Td>
              <Table.Td>
                <When at={client.updatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Nothing({ search }: { search: ClientSearch }) {
  const isAny = search.q === undefined && search.status === undefined && search.company === undefined;
  return isAny ? (
    <EmptyState
      mt="xl"
      title="No clients yet"
      description={
        <>
          The first appears here when your billing system calls <Code>POST /provisioning/client/provision</Code>: see{' '}
          <Anchor href="/docs" fz="inherit" underline="always">
            the API
          </Anchor>
          .
        </>
      }
    />
  ) : (
    <EmptyState
      mt="xl"
      title="Nobody found"
      description="All of the words must be found in one client: in its name, company, e-mail or hub. A pass code, an id or a caller's number must be whole."
    />
  );
}
