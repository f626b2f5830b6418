import { Code, Text, Timeline } from '@mantine/core';
import type { Event } from '@parley/client';
import { useQuery } from '@tanstack/react-query';
import { Section } from '../parts/facts.tsx';
import { Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';

const SHOWN = 50;

const SENTENCES: Readonly<Record<string, string>> = {
  'client.provisioned': 'Provisioned',
  'client.updated': 'Details changed',
  'client.deactivated': 'Deactivated',
  'client.reactivated': 'Reactivated',
  'client.termination_scheduled': 'To be ended at a time to come',
  'client.termination_cancelled': 'Not to be ended after all',
  'client.terminated': 'Ended for good',
  'client.erased': 'Person forgotten',
  'passcodes.rotated': 'New pass codes',
};

/** What happened to the record, the latest first. */
export function History({ clientId }: { clientId: number }) {
  const { parley } = useSession();
  const { data, error } = useQuery({
    queryKey: ['events', clientId],
    queryFn: ({ signal }) => parley.events.page({ clientId, order: 'desc', pageSize: SHOWN, signal }),
  });
  if (error) return <Problem error={error} />;
  const events = data?.items ?? [];
  return (
    <Section title="History">
      {data !== undefined && events.length === 0 && <Quiet>There are no entries.</Quiet>}
      <Timeline bulletSize={12} lineWidth={2} active={events.length}>
        {events.map((event) => (
          <Timeline.Item key={event.id} title={SENTENCES[event.type] ?? event.type}>
            <Text size="sm" c="dimmed" component="div">
              <When at={event.at} /> {changedOf(event).length > 0 && <>· {changedOf(event).join(', ')} </>}· request{' '}
              <Code>{event.requestId}</Code>
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {data?.hasMore && <Quiet>These are the latest: GET /v1/events?clientId={clientId} has them all.</Quiet>}
    </Section>
  );
}

function changedOf({ data }: Event): string[] {
  const { changed } = data as { changed?: unknown };
  return Array.isArray(changed) ? changed.map(String) : [];
}
