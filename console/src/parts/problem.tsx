import { Alert, Button, Code, Text } from '@mantine/core';
import { ParleyApiError, ParleyConnectionError, ParleyError } from '@parley/client';

/** What a person is told of a failure: in the server's own words, without what is for programs. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ParleyConnectionError) return 'The server does not answer. Is it running, and are you online?';
  if (error instanceof ParleyApiError && error.code === 'SCOPE_REQUIRED')
    return 'Your token may not do this. Ask for one with the scope that it needs.';
  if (error instanceof ParleyError) return error.message.replace(/ \([^()]*\)$/, '');
  return 'Something in this page went wrong. Load it again.';
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ParleyApiError && error.code === 'UNAUTHORIZED';
}

/** A failure, what to do, and what to give to whoever looks into it. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const fields = error instanceof ParleyError ? Object.entries(error.fields) : [];
  const requestId = error instanceof ParleyError ? error.requestId : undefined;
  return (
    <Alert color="red" title="This did not work" role="alert">
      <Text size="sm">{sentenceOf(error)}</Text>
      {fields.map(([field, message]) => (
        <Text size="sm" key={field}>
          <Code>{field}</Code> {message}
        </Text>
      ))}
      {requestId !== undefined && (
        <Text size="xs" c="dimmed" mt="xs">
          Request <Code>{requestId}</Code>
        </Text>
      )}
      {retry !== undefined && (
        <Button size="compact-sm" variant="default" mt="sm" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
