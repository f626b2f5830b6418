import { Table } from '@mantine/core';
import type { Conference } from '@parley/client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session.tsx';
import { When } from './when.tsx';

/** Conferences as bridges tell of them, looked at again as long as the page is. */
export function useConferences(clientId?: number) {
  const { parley } = useSession();
  return useQuery({
    queryKey: ['conferences', clientId ?? 'all'],
    queryFn: ({ signal }) => parley.conferences.livePage({ clientId, signal }),
    refetchInterval: 5_000,
  });
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
