import { Alert, Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import type { Client, RotatedPassCodes } from '@parley/client';
import { useState } from 'react';
import { ActionButton } from '../parts/action-button.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { tellExactly } from '../parts/when.tsx';
import { useSession } from '../session.tsx';

/** What can be done with a client as it is. Each is a call of the API, which a repeat does not do twice. */
export function ClientActions({ client }: { client: Client }) {
  const { parley } = useSession();
  const { clientId, status, terminateAt } = client;
  if (status === 'erased' || status === 'terminated') return undefined;
  return (
    <Group gap="xs">
      {/* Each has a dialog of its own: the one that fades out must not become the other. */}
      {status === 'active' ? (
        <ActionButton
          key="deactivate"
          label="Deactivate"
          needs="provision"
          isGrave
          title="Deactivate this client"
          consequence="From now on its pass codes open nothing, and who is in its conference is ended where the bridge can do that. Codes and ids are kept."
          run={() => parley.clients.deactivate(clientId)}
          done="The client is deactivated."
        />
      ) : (
        <ActionButton
          key="reactivate"
          label="Reactivate"
          needs="provision"
          title="Reactivate this client"
          consequence="The same pass codes open its conference again."
          run={() => parley.clients.reactivate(clientId)}
          done="The client is active again."
        />
      )}
      <NewPassCodes clientId={clientId} />
      {terminateAt !== null && terminateAt !== undefined && (
        <ActionButton
          label="Do not end"
          needs="provision"
          title="Take the end back"
          consequence="The client goes on as it is."
          run={() => parley.clients.cancelTermination(clientId)}
          done="The client will not end."
        />
      )}
      <End client={client} />
    </Group>
  );
}

function NewPassCodes({ clientId }: { clientId: number }) {
  const { parley } = useSession();
  const [overlap, setOverlap] = useState<number | string>(60);
  const [codes, setCodes] = useState<RotatedPassCodes>();
  // One for all tries until there is an answer: a second click after a lost one makes no third pair.
  const [key, setKey] = useState(drawKey);
  async function rotate(): Promise<void> {
    const overlapMinutes = Number(overlap);
    setCodes(await parley.clients.rotatePassCodes(clientId, { overlapMinutes, idempotencyKey: `${key}.${overlapMinutes}` }));
    setKey(drawKey());
  }
  return (
    <>
      <ActionButton
        label="New pass codes"
        needs="provision"
        title="Give this client new pass codes"
        consequence="The new pair opens the same conference. It is shown once: give the first code to the host, and the second to guests."
        run={rotate}
        done="There is a new pair of pass codes."
      >
        <NumberInput
          label="The old pair works for"
          description="At most 43,200 minutes (30 days). 0 ends it now."
          suffix=" minutes"
          min={0}
          max={43_200}
          allowDecimal={false}
          clampBehavior="strict"
          required
          value={overlap}
          onChange={setOverlap}
        />
      </ActionButton>
      <Modal opened={codes !== undefined} onClose={() => setCodes(undefined)} title="The new pass codes" centered>
        {codes && <Codes codes={codes} close={() => setCodes(undefined)} />}
      </Modal>
    </>
  );
}

function Codes({ codes: { passCodes, overlapUntil }, close }: { codes: RotatedPassCodes; close: () => void }) {
  return (
    <Stack>
      <Facts>
        <Fact label="For the host">
          <Copyable text={passCodes.moderatorPassCode} shown={group(passCodes.moderatorPassCode)} label="the host's code" />
        </Fact>
        <Fact label="For guests">
          <Copyable text={passCodes.participantPassCode} shown={group(passCodes.participantPassCode)} label="the guests' code" />
        </Fact>
      </Facts>
      <Alert color="yellow">They are not shown again. {overlapUntil && `The old pair works until ${tellExactly(overlapUntil)}.`}</Alert>
      <Group justify="flex-end">
        <Button onClick={close}>Done</Button>
      </Group>
    </Stack>
  );
}

/** `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function drawKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join('-');
}

/** For the eye and the ear. */
function group(code: string): string {
  return code.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}

function End({ client: { clientId, externalId } }: { client: Client }) {
  const { parley } = useSession();
  const [reason, setReason] = useState('');
  const [confirmed, setConfirmed] = useState('');
  return (
    <ActionButton
      label="End for good"
      needs="provision"
      isGrave
      title="End this client for good"
      consequence="Its pass codes open nothing any more, and its id is used up: this cannot be taken back. To stop it for a while, deactivate it instead."
      run={() => parley.clients.terminate(clientId, reason.trim() === '' ? {} : { reason: reason.trim() })}
      done="The client has ended."
    >
      <TextInput label="Why" description="For the audit." value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
      <TextInput
        label={
          <Text component="span" size="sm">
            Type your id of the client, {externalId}, to confirm
          </Text>
        }
        inputMode="numeric"
        required
        pattern={String(externalId)}
        title={`Your id of the client is ${externalId}.`}
        value={confirmed}
        onChange={({ currentTarget }) => setConfirmed(currentTarget.value)}
      />
    </ActionButton>
  );
}
