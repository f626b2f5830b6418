import {
  ActionIcon,
  Anchor,
  AppShell,
  Badge,
  Button,
  Container,
  Group,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { MoonIcon, SunIcon } from './parts/icons.tsx';
import { ButtonLink } from './parts/links.tsx';
import { useMay, useSession } from './session.tsx';

const PLACES = [
  { to: '/clients', label: 'Clients' },
  { to: '/conferences', label: 'Conferences' },
  { to: '/operations', label: 'Operations' },
] as const;

/** How many there are to be told of: more than a page of what went wrong is "many". */
const MOST = 99;

export function Frame() {
  const { identity, signOut } = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <AppShell header={{ height: { base: 92, sm: 56 } }} padding="md">
      <Anchor href="#main" pos="absolute" left={-9999} onFocus={comeIntoView} onBlur={goOutOfView}>
        Skip to the content
      </Anchor>
      <AppShell.Header>
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" gap="xs">
            <Group component="nav" aria-label="Console" gap={4} wrap="nowrap">
              <Text fw={700} mr="sm" visibleFrom="sm">
                Parley
              </Text>
              {PLACES.map(({ to, label }) => (
                <ButtonLink
                  key={to}
                  to={to}
                  size="compact-sm"
                  variant={path.startsWith(to) ? 'light' : 'subtle'}
                  color={path.startsWith(to) ? 'cyan' : 'gray'}
                  aria-current={path.startsWith(to) ? 'page' : undefined}
                  rightSection={to === '/operations' ? <Attention /> : undefined}
                >
                  {label}
                </ButtonLink>
              ))}
            </Group>
            <Group gap="xs" wrap="nowrap">
              <Text size="sm" c="dimmed">
                {identity.tenant.name}
              </Text>
              {identity.tenant.isSandbox && (
                <Badge variant="dot" color="yellow" tt="none">
                  sandbox
                </Badge>
              )}
              <ColourScheme />
              <Button size="compact-sm" variant="default" onClick={signOut}>
                Sign out
              </Button>
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main id="main">
        <Container size="xl" px={0}>
          <Outlet />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

/** What waits for somebody, wherever one is in the console. */
function Attention() {
  const { parley } = useSession();
  const mayRead = useMay('read');
  const { data } = useQuery({
    queryKey: ['operations', 'attention', 'count'],
    queryFn: ({ signal }) => parley.operations.page({ state: 'stuck', pageSize: MOST + 1, signal }),
    refetchInterval: 10_000,
    enabled: mayRead,
  });
  const count = data?.items.length ?? 0;
  if (count === 0) return undefined;
  return (
    <Badge size="sm" circle={count < 10} color="red" variant="filled" aria-label={`${count} need attention`}>
      {count > MOST ? `${MOST}+` : count}
    </Badge>
  );
}

function ColourScheme() {
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      aria-label={`Show this in the ${other}`}
      title={`Show this in the ${other}`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}

function comeIntoView({ currentTarget }: { currentTarget: HTMLElement }): void {
  currentTarget.style.left = '8px';
}

function goOutOfView({ currentTarget }: { currentTarget: HTMLElement }): void {
  currentTarget.style.left = '-9999px';
}
