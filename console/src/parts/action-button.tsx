import { Alert, Button, Group, Modal, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { type Scope, useMay } from '../session.tsx';
import { sentenceOf } from './problem.tsx';

interface ActionProps {
  /** What the button says, and the button that confirms. */
  label: string;
  needs: Scope;
  title: string;
  /** What will be, for who is about to confirm. */
  consequence: ReactNode;
  run: () => Promise<unknown>;
  /** What is said when it has been done. */
  done: string;
  /** For what cannot be taken back, or cuts somebody off. */
  isGrave?: boolean;
  /** What else has to be filled in. */
  children?: ReactNode;
}

/** Something that changes a record: asked about first, done once however often it is clicked, and everything on the page read again after it. */
export function ActionButton({ label, needs, title, consequence, run, done, isGrave = false, children }: ActionProps) {
  const color = isGrave ? 'red' : 'cyan';
  const may = useMay(needs);
  const [isOpen, { open, close }] = useDisclosure(false);
  const queries = useQueryClient();
  // A second click comes before the page has seen the first, or while the dialog fades out.
  const isTaken = useRef(false);
  const action = useMutation({
    mutationFn: run,
    onSuccess: () => {
      close();
      notifications.show({ message: done, color: 'teal' });
    },
    onError: () => {
      isTaken.current = false;
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const submit = (): void => {
    if (isTaken.current) return;
    isTaken.current = true;
    action.mutate();
  };
  const begin = (): void => {
    isTaken.current = false;
    action.reset();
    open();
  };
  return (
    <>
      <Tooltip label={`Your token needs the scope ${needs} for this.`} disabled={may}>
        <Button
          size="xs"
          variant={isGrave ? 'light' : 'default'}
          color={color}
          data-disabled={!may}
          aria-disabled={!may}
          onClick={may ? begin : undefined}
        >
          {label}
        </Button>
      </Tooltip>
      <Modal opened={isOpen} onClose={close} title={title} centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack gap="md">
            <Text size="sm">{consequence}</Text>
            {children}
            {action.error && (
              <Alert color="red" role="alert">
                {sentenceOf(action.error)}
              </Alert>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" color={color} loading={action.isPending}>
                {label}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
