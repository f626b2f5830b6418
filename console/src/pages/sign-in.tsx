import { Alert, Anchor, Button, Card, Center, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { isUnauthorized, sentenceOf } from '../parts/problem.tsx';

/** A token is what one signs in with: the console may do what it may, and nothing else. */
export function SignIn({ why, signIn }: { why: string | undefined; signIn: (token: string) => Promise<void> }) {
  useDocumentTitle('Sign in · Parley');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isPending, setPending] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault();
    if (isPending) return;
    setPending(true);
    setProblem(undefined);
    try {
      await signIn(token.trim());
    } catch (error) {
      setProblem(problemOf(error));
      setPending(false);
    }
  }

  return (
    <Center mih="100vh" p="md">
      <Card withBorder w="100%" maw={420} p="xl" component="main">
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <div>
              <Title order={1}>Parley</Title>
              <Text c="dimmed" size="sm">
                Look up a customer, and what is under way.
              </Text>
            </div>
            {why !== undefined && problem === undefined && <Alert color="yellow">{why}</Alert>}
            <PasswordInput
              label="API token"
              description="It stays in this tab, and is forgotten with it."
              placeholder="parley_..."
              autoComplete="current-password"
              spellCheck={false}
              required
              withAsterisk={false}
              ref={box}
              value={token}
              error={problem}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
            />
            <Button type="submit" loading={isPending}>
              Sign in
            </Button>
            <Text c="dimmed" size="xs">
              No token? An operator makes one: <code>parley token create --scopes read support</code>. Programs use{' '}
              <Anchor href="/docs" fz="inherit" underline="always">
                the API
              </Anchor>
              .
            </Text>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}

function problemOf(error: unknown): string {
  if (isUnauthorized(error) || error instanceof TypeError) return 'This token does not open anything. Is it complete, and not revoked?';
  return sentenceOf(error);
}
