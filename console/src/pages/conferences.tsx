import { Card, EmptyState, Group, Skeleton, Stack, Text } from '@mantine/core';
import { AnchorLink } from '../parts/links.tsx';
import { Participants, useConferences } from '../parts/participants.tsx';
import { PageHead, Quiet } from '../parts/page-head.tsx';
import { Problem } from '../parts/problem.tsx';
import { When } from '../parts/when.tsx';

export function Conferences() {
  const { data, error, isPending, refetch } = useConferences();
  const conferences = data?.items;
  const people = conferences?.reduce((sum, { participants }) => sum + participants.length, 0) ?? 0;
  return (
    <>
      <PageHead
        title="Conferences"
        beside={data && <Quiet>{`${data.items.length} now, ${people} in them${data.hasMore ? ', and more than are shown' : ''}`}</Quiet>}
      />
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
