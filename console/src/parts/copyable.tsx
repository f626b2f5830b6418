import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { CopyIcon, DoneIcon } from './icons.tsx';

/** An id or a code, to be read out or taken along. */
export function Copyable({ text, label, shown = text }: { text: string; label: string; shown?: string }) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code fz="inherit" style={{ overflowWrap: 'anywhere' }}>
        {shown}
      </Code>
      {/* Browsers have no clipboard for pages that came over plain HTTP from elsewhere. */}
      {window.isSecureContext && (
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : `Copy ${label}`}>
              <ActionIcon size="sm" variant="subtle" color={copied ? 'teal' : 'gray'} aria-label={`Copy ${label}`} onClick={copy}>
                {copied ? <DoneIcon /> : <CopyIcon />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      )}
    </Group>
  );
}
