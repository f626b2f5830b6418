import { createHash } from 'node:crypto';

/** What may be asked to go wrong in a sandbox: docs/sandbox.md says what a caller should do about each. */
export const SANDBOX_FAULTS = [
  'lose-response',
  'slow',
  'error-after-commit',
  'error-before-commit',
  'duplicate-delivery',
  'rate-limit',
  'vendor-down',
] as const;
export type SandboxFaultKind = (typeof SANDBOX_FAULTS)[number];

export interface SandboxFault {
  kind: SandboxFaultKind;
  /** How much later a slow answer comes. */
  delayMs: number;
}

/** The first time a request comes it meets the first of these, the second time the second, and then none. */
export type FaultScript = { kind: 'listed'; faults: readonly SandboxFault[] } | { kind: 'random'; seed: number };

const STANDARD_DELAY_MS = 3_000;
const RANDOM_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
const MAX_FAULTS = 10;
const MAX_RANDOM_FAULTS = 3;

/** Reserved for tests (RFC 6761 6.2): no mail ever arrives there. */
const MAGIC_DOMAIN = 'sandbox.test';

export const FAULT_SYNTAX = `one or more of ${SANDBOX_FAULTS.join(', ')} with commas between, slow:3000 for milliseconds (1 to ${MAX_DELAY_MS}), or random:7 for a seed; with \`; run=any-name\` after it, counted anew`;

/** `lose-response, slow:3000`, or `random:7`, each perhaps with `; run=2`. Undefined where it is none of these. */
export function readFaultScript(given: string): FaultScript | undefined {
  const text = given.replace(/;\s*run=[\w-]{1,40}\s*$/, '');
  const seed = /^\s*random:(\d{1,9})\s*$/.exec(text)?.[1];
  if (seed !== undefined) return { kind: 'random', seed: Number(seed) };
  const faults = text.split(',').map((part) => readFault(part.trim()));
  const known = faults.filter((fault) => fault !== undefined);
  return known.length === faults.length && known.length <= MAX_FAULTS ? { kind: 'listed', faults: known } : undefined;
}

/** `lose-response.slow-3000+anything@sandbox.test`: for callers that cannot send a header of their own. */
export function readMagicEmail(email: string): FaultScript | undefined {
  const [local = '', domain] = email.toLowerCase().split('@');
  if (domain !== MAGIC_DOMAIN) return undefined;
  const names = local.split('+', 1)[0] as string;
  return readFaultScript(names.replaceAll('.', ',').replace(/\b(slow|random)-(\d+)/g, '$1:$2'));
}

/** What happens to this attempt of a request, the first being 0. The same for the same seed, request and attempt, always and everywhere. */
export function faultOfAttempt(script: FaultScript, request: string, attempt: number): SandboxFault | undefined {
  if (script.kind === 'listed') return script.faults[attempt];
  const draw = (what: string | number): number => createHash('sha256').update(`${script.seed}|${request}|${what}`).digest().readUInt32BE(0);
  if (attempt >= draw('how many') % (MAX_RANDOM_FAULTS + 1)) return undefined;
  return { kind: SANDBOX_FAULTS[draw(attempt) % SANDBOX_FAULTS.length] as SandboxFaultKind, delayMs: RANDOM_DELAY_MS };
}

export function showFault({ kind, delayMs }: SandboxFault): string {
  return kind === 'slow' ? `${kind}:${delayMs}` : kind;
}

function readFault(text: string): SandboxFault | undefined {
  const [name, given] = text.split(':');
  const kind = SANDBOX_FAULTS.find((one) => one === name);
  if (kind === undefined || (given !== undefined && kind !== 'slow')) return undefined;
  const delayMs = given === undefined ? STANDARD_DELAY_MS : /^\d{1,5}$/.test(given) ? Number(given) : 0;
  return delayMs >= 1 && delayMs <= MAX_DELAY_MS ? { kind, delayMs } : undefined;
}
