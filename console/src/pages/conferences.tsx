import { Card, EmptyState, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import type { Conference } from '@parley/client';
import { useQuery } from '@tanstack/react-query';
import { AnchorLink } from '../parts/links.tsx';
import { PageHead, Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';

/** Conferences as bridges tell of them, looked at again as long as the page is. */
export function useConferences(clientId?: number) {
  const { parley } = useSession();
  return useQuery({
    queryKey: ['conferences', clientId ?? 'all'],
    queryFn: ({ signal }) => parley.conferences.live({ clientId, signal }),
    refetchInterval: 5_000,
  });
}

export function Conferences() {
  const { data: conferences, error, isPending, refetch } = useConferences();
  const people = conferences?.reduce((sum, { participants }) => sum + participants.length, 0) ?? 0;
  return (
    <>
      <PageHead title="Conferences" beside={conferences && <Quiet>{`${conferences.length} now, ${people} in them`}</Quiet>} />
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && !error && <Skeleton height={160} aria-label="Looking" />}
      {conferences?.length === 0 && (
        <EmptyState mt="xl" title="Nobody is in a conference" description="As soon as a bridge lets somebody in, the conference is here." />
      )}
      <Stack>
        {conferences?.map((conference) => (
          <Card withBorder key={conference.conference} component="section" aria-label={`Conference of client ${conference.clientId}`}>
            <Group justify="space-between" mb="xs">
              <AnchorLink to="/clients/$clientId" params={{ clientId: String(conference.clientId) }} fw={500} fz="inherit">
                Client {conference.clientId}
              </AnchorLink>
              <Text size="sm" c="dimmed" component="span">
                since <When at={conference.since} />
              </Text>
            </Group>
            <Participants conference={conference} />
          </Card>
        ))}
      </Stack>
    </>
  );
}

export function Participants({ conference }: { conference: Conference }) {
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Caller</Table.Th>
            <Table.Th>As</Table.Th>
            <Table.Th>Dialled</Table.Th>
            <Table.Th>Let in</Table.Th>
            <Table.Th>Joined</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conference.participants.map(({ role, caller, accessNumber, admittedAt, joinedAt }, index) => (
            // What is told of a participant has no id; the order is theirs of coming in.
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={index}>
              <Table.Td>{caller ?? 'withheld'}</Table.Td>
              <Table.Td>{role}</Table.Td>
              <Table.Td>{accessNumber ?? '–'}</Table.Td>
              <Table.Td>
                <When at={admittedAt} />
              </Table.Td>
              <Table.Td>{joinedAt === null ? 'not told yet' : <When at={joinedAt} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
