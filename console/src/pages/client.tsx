import { Alert, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { Client } from '@parley/client';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { nameOf } from '../parts/client-name.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Fact, Facts, Section } from '../parts/facts.tsx';
import { AnchorLink } from '../parts/links.tsx';
import { Participants, useConferences } from '../parts/participants.tsx';
import { PageHead, Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { tellExactly, When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';
import { ClientActions } from './client-actions.tsx';
import { Calls } from './client-calls.tsx';
import { History } from './client-history.tsx';
import { NotFound } from './not-found.tsx';

const route = getRouteApi('/clients/$clientId');

/** One customer: who it is, what its codes open, what is going on and what has happened. */
export function ClientPage() {
  const { parley } = useSession();
  const clientId = Number(route.useParams().clientId);
  const isId = Number.isSafeInteger(clientId) && clientId > 0;
  const {
    data: client,
    error,
    isPending,
    refetch,
  } = useQuery({
    queryKey: ['client', clientId],
    queryFn: async ({ signal }) => (isId ? ((await parley.clients.find({ clientId }, { signal })) ?? null) : null),
  });
  if (isPending) return <Skeleton height={320} aria-label="Looking" />;
  if (error !== null && !client) return <Problem error={error} retry={() => void refetch()} />;
  if (!client) return <NotFound title="No such client" why="There is no client with this id, or it is another tenant's." />;
  return (
    <>
      <PageHead title={nameOf(client)} beside={<StatusBadge status={client.status} />}>
        <ClientActions client={client} />
      </PageHead>
      <Stack>
        <Ending client={client} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Person client={client} />
          <Company client={client} />
        </SimpleGrid>
        <Live clientId={client.clientId} />
        <Calls clientId={client.clientId} />
        <History clientId={client.clientId} />
      </Stack>
    </>
  );
}

function Ending({ client: { terminateAt, status } }: { client: Client }) {
  if (status === 'inactive')
    return (
      <Alert color="yellow" title="Deactivated">
        Its pass codes open nothing. They and the ids are kept: reactivate it, and the same codes work again.
      </Alert>
    );
  if (terminateAt === null || terminateAt === undefined) return undefined;
  return (
    <Alert color="yellow" title="Will end">
      On {tellExactly(terminateAt)}, for good, unless that is taken back.
    </Alert>
  );
}

function Person({ client }: { client: Client }) {
  const { contact } = client;
  const address = [contact.address, [contact.postalCode, contact.city].filter(Boolean).join(' '), contact.state, contact.country];
  return (
    <Section title="Client">
      <Facts>
        <Fact label="Your id">
          <Copyable text={String(client.externalId)} label="your id" />
        </Fact>
        <Fact label="Client id">
          <Copyable text={String(client.clientId)} label="client id" />
        </Fact>
        <Fact label="E-mail">{client.email || '–'}</Fact>
        <Fact label="Address">{address.filter(Boolean).join(', ') || '–'}</Fact>
        <Fact label="Made">
          <When at={client.createdAt} />
        </Fact>
        <Fact label="Changed">
          <When at={client.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Company({ client: { company, hub } }: { client: Client }) {
  return (
    <Section title="Company">
      <Facts>
        <Fact label="Name">
          <AnchorLink to="/clients" search={{ company: company.companyId }} fz="inherit">
            {company.name}
          </AnchorLink>
        </Fact>
        <Fact label="Your id">
          <Copyable text={String(company.externalId)} label="your id of the company" />
        </Fact>
        <Fact label="Company id">
          <Copyable text={String(company.companyId)} label="company id" />
        </Fact>
        <Fact label="Enterprise id">{company.enterpriseId}</Fact>
        <Fact label="Hub">
          <Copyable text={hub.hubUrl} label="hub" />
        </Fact>
      </Facts>
    </Section>
  );
}

function Live({ clientId }: { clientId: number }) {
  const { data, error } = useConferences(clientId);
  const live = data?.items ?? [];
  if (error) return <Problem error={error} />;
  return (
    <Section title="Now">
      {live.length === 0 && <Quiet>Nobody is in this client's conference.</Quiet>}
      {live.map((conference) => (
        <Stack key={conference.conference} gap={4}>
          <Group gap="xs">
            <Text size="sm">
              In conference since <When at={conference.since} />
            </Text>
          </Group>
          <Participants conference={conference} />
        </Stack>
      ))}
    </Section>
  );
}
