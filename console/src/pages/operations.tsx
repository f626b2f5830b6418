import { Alert, Badge, Card, Code, EmptyState, Group, Skeleton, Stack, Table, Tabs } from '@mantine/core';
import type { Operation } from '@parley/client';
import { getRouteApi } from '@tanstack/react-router';
import { ActionButton } from '../parts/action-button.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { AnchorLink } from '../parts/links.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { PageHead, Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePages } from '../parts/use-pages.ts';
import { When } from '../parts/when.tsx';
import type { OperationSearch } from '../search.ts';
import { useSession } from '../session.tsx';

const route = getRouteApi('/operations');
const STATE = {
  pending: { label: 'under way', color: 'blue' },
  stuck: { label: 'stuck', color: 'red' },
  'needs-operator': { label: 'needs a decision', color: 'red' },
} as const;

/** What is yet to be done at a remote platform: what waits for somebody first, and what to do about it. */
export function Operations() {
  const { view = 'attention' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHead title="Operations" />
      <Tabs
        value={view}
        onChange={(to) => void navigate({ search: { view: to as OperationSearch['view'] }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="attention">Need attention</Tabs.Tab>
          <Tabs.Tab value="all">All under way</Tabs.Tab>
          <Tabs.Tab value="orphans">Orphans</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="attention">
          <OperationList
            state="stuck"
            nothing="Nothing needs attention"
            hint="What cannot be completed at the remote platform in time is here, with what to do. With the built-in platform there is never anything."
          />
        </Tabs.Panel>
        <Tabs.Panel value="all">
          <OperationList
            nothing="Nothing is under way"
            hint="What is asked of the remote platform is here until the platform has confirmed it. With the built-in platform there is never anything."
          />
        </Tabs.Panel>
        <Tabs.Panel value="orphans">
          <Orphans />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function OperationList({ state, nothing, hint }: { state?: 'stuck'; nothing: string; hint: string }) {
  const { parley } = useSession();
  const { found, items: operations } = usePages({
    queryKey: ['operations', state ?? 'all'],
    read: (after, signal) => parley.operations.page({ state, after, signal }),
    everyMs: 5_000,
  });
  if (found.isPending) return <Skeleton height={160} aria-label="Looking" />;
  return (
    <Stack>
      {found.error && <Problem error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && operations.length === 0 && <EmptyState mt="xl" title={nothing} description={hint} />}
      {operations.map((operation) => (
        <OperationCard key={operation.operationId} operation={operation} />
      ))}
      <MoreButton found={found} />
    </Stack>
  );
}

function OperationCard({ operation }: { operation: Operation }) {
  const { parley } = useSession();
  const { operationId, externalId, wanted, attempts, since, nextAttemptAt, lastError, advice, state } = operation;
  return (
    <Card withBorder component="section" aria-label={`Operation ${operationId}`}>
      <Group justify="space-between" align="flex-start" mb="sm">
        <Group gap="sm">
          <AnchorLink to="/clients" search={{ q: String(externalId) }} fw={600}>
            Client {externalId}
          </AnchorLink>
          <Badge variant="dot" color={STATE[state].color} tt="none">
            {STATE[state].label}
          </Badge>
        </Group>
        <Group gap="xs">
          <ActionButton
            label="Retry"
            needs="admin"
            title={`Operation ${operationId}`}
            consequence={
              state === 'needs-operator'
                ? 'It is sent to the platform again. Do this when you have looked there and the client is not there: otherwise there could be two.'
                : 'It is tried at once, and then as before.'
            }
            run={() => parley.operations.retry(operationId)}
            done="It is being tried."
          />
          <ActionButton
            label="Discard"
            needs="admin"
            isGrave
            title={`Discard operation ${operationId}`}
            consequence="It is given up, and the record here stays as it is. What the platform has done already stays done there: look at it."
            run={() => parley.operations.discard(operationId)}
            done="It is given up."
          />
        </Group>
      </Group>
      {state !== 'pending' && (
        <Alert color={STATE[state].color} variant="outline" mb="sm" title="What to do">
          {advice}
        </Alert>
      )}
      <Facts>
        <Fact label="Wanted">{wanted.join(', then ') || '–'}</Fact>
        <Fact label="Since">
          <When at={since} />
        </Fact>
        <Fact label="Attempts">{attempts}</Fact>
        <Fact label="Next attempt">{nextAttemptAt === null ? 'when somebody says so' : <When at={nextAttemptAt} />}</Fact>
        <Fact label="Last error">{lastError === null ? 'none' : <Code>{lastError}</Code>}</Fact>
      </Facts>
    </Card>
  );
}

function Orphans() {
  const { parley } = useSession();
  const { found, items: orphans } = usePages({
    queryKey: ['orphans'],
    read: (after, signal) => parley.operations.orphanPage({ after, signal }),
  });
  if (found.isPending) return <Skeleton height={160} aria-label="Looking" />;
  return (
    <Stack>
      {found.error && <Problem error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && orphans.length === 0 && (
        <EmptyState mt="xl" title="No orphans" description="What the remote platform is seen to have and nobody asked for is here." />
      )}
      {orphans.length > 0 && (
        <>
          <Quiet>Nothing is ever done to them from here. Look at each at the platform, and end it there if it is nobody else's.</Quiet>
          <Table.ScrollContainer minWidth={420}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Your id</Table.Th>
                  <Table.Th>Client id at the platform</Table.Th>
                  <Table.Th>Found</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {orphans.map(({ orphanId, externalId, vendorClientId, foundAt }) => (
                  <Table.Tr key={orphanId}>
                    <Table.Td>{externalId}</Table.Td>
                    <Table.Td>{vendorClientId}</Table.Td>
                    <Table.Td>
                      <When at={foundAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
      <MoreButton found={found} />
    </Stack>
  );
}
