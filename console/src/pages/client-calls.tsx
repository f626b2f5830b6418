import { Table } from '@mantine/core';
import type { UsageLeg } from '@parley/client';
import { useQuery } from '@tanstack/react-query';
import { Section } from '../parts/facts.tsx';
import { Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { tellSeconds, When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';

const DAYS = 30;
const SHOWN = 20;

/** Who was let in lately: what a support desk is asked about most. */
export function Calls({ clientId }: { clientId: number }) {
  const { parley } = useSession();
  const { data, error } = useQuery({
    queryKey: ['usage', clientId],
    queryFn: ({ signal }) =>
      parley.conferences.usagePage({
        clientId,
        from: new Date(Date.now() - DAYS * 86_400_000),
        order: 'desc',
        pageSize: SHOWN,
        signal,
      }),
  });
  if (error) return <Problem error={error} />;
  const legs = data?.items ?? [];
  return (
    <Section title={`Let in, the last ${DAYS} days`}>
      {legs.length === 0 ? <Quiet>Nobody was let in.</Quiet> : <LegTable legs={legs} />}
      {typeof data?.next === 'number' && <Quiet>These are the latest: GET /v1/usage?clientId={clientId} has them all.</Quiet>}
    </Section>
  );
}

function LegTable({ legs }: { legs: readonly UsageLeg[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Let in</Table.Th>
            <Table.Th>Caller</Table.Th>
            <Table.Th>As</Table.Th>
            <Table.Th>Dialled</Table.Th>
            <Table.Th>Bridge</Table.Th>
            <Table.Th>Stayed</Table.Th>
            <Table.Th>Ended by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {legs.map((leg) => (
            <Table.Tr key={leg.legId}>
              <Table.Td>
                <When at={leg.admittedAt} />
              </Table.Td>
              <Table.Td>{leg.caller ?? 'withheld'}</Table.Td>
              <Table.Td>{leg.role}</Table.Td>
              <Table.Td>{leg.accessNumber ?? '–'}</Table.Td>
              <Table.Td>{leg.bridge ?? 'a token'}</Table.Td>
              <Table.Td>{leg.seconds === null ? (leg.leftAt === null ? 'is in' : '–') : tellSeconds(leg.seconds)}</Table.Td>
              <Table.Td>{leg.endedBy ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
