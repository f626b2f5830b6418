import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../../domain/errors.ts';
import { SANDBOX_FAULTS, type SandboxFaultKind } from '../../domain/sandbox-fault.ts';
import { type DrillProxy, startDrillProxy } from './drill-proxy.ts';
import { type Attempt, judge, type Verdict } from './trial.ts';

export interface DrillOptions {
  /** The sandbox. */
  url: URL;
  /** 0: any that is free. */
  port: number;
  timeoutMs: number;
  /** Run once for each fault, with PARLEY_URL set. Empty: whoever calls the drill is drilled. */
  command: readonly string[];
  /** What a command finds besides. */
  environmentWith: (extra: Record<string, string>) => NodeJS.ProcessEnv;
  onReady: (url: string) => void;
  onTrial: (fault: SandboxFaultKind) => void;
}

/** A caller that is done with a request says nothing any more for this long. */
const QUIET_MS = 5_000;

/** Lets every fault happen to a caller's own code, and judges what it does. */
export async function runDrill(options: DrillOptions): Promise<Verdict[]> {
  const proxy = await startDrillProxy(options.url, options.port);
  try {
    options.onReady(proxy.url);
    const verdicts = options.command.length > 0 ? await drillCommand(proxy, options) : await drillVisitors(proxy, options);
    if (proxy.attempts.some(({ status }) => status === 401))
      throw new OperatorError('The sandbox does not know the token. Use one of a tenant made with --sandbox.');
    return verdicts;
  } finally {
    await proxy.close();
  }
}

/** One run of the command for each fault; its first call meets it. */
async function drillCommand(proxy: DrillProxy, { command, environmentWith, timeoutMs, onTrial }: DrillOptions): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const fault of SANDBOX_FAULTS) {
    onTrial(fault);
    const from = proxy.attempts.length;
    let drilled: string | undefined;
    // A command that asks for the same client each time asks for something new each time, as far as the drill is concerned.
    proxy.onEvery = (request) => {
      if (drilled !== undefined) return undefined;
      drilled = request;
      return fault;
    };
    const code = await run(command, environmentWith({ PARLEY_URL: proxy.url, DRILL_FAULT: fault }), timeoutMs);
    const came = proxy.attempts.slice(from);
    const verdict = judgeRequest(fault, drilled, came, true);
    const isFalse = verdict.result === 'passed' && code !== 0;
    verdicts.push(
      isFalse
        ? { ...verdict, result: 'failed', remark: code === null ? 'The command did not end in time.' : `The command ended with ${code}.` }
        : verdict,
    );
  }
  return verdicts;
}

/** Each new request meets the next fault, until every fault was met and nobody calls any more. */
async function drillVisitors(proxy: DrillProxy, { timeoutMs, onTrial }: DrillOptions): Promise<Verdict[]> {
  const pending = [...SANDBOX_FAULTS];
  const met = new Map<SandboxFaultKind, string>();
  const seen = new Set<string>();
  proxy.onEvery = (request) => {
    if (seen.has(request)) return undefined;
    seen.add(request);
    const fault = pending.shift();
    if (fault !== undefined) {
      met.set(fault, request);
      onTrial(fault);
    }
    return fault;
  };
  const latest = performance.now() + timeoutMs;
  const isQuiet = (): boolean => performance.now() - (proxy.attempts.at(-1)?.atMs ?? 0) > QUIET_MS;
  while (performance.now() < latest && !(pending.length === 0 && isQuiet())) await delay(100);
  return SANDBOX_FAULTS.map((fault) => judgeRequest(fault, met.get(fault), proxy.attempts, false));
}

/** `drilled` undefined: nothing came. */
function judgeRequest(fault: SandboxFaultKind, drilled: string | undefined, came: readonly Attempt[], isAlone: boolean): Verdict {
  const own = came.filter(({ request }) => request === drilled);
  const [call] = drilled?.split(' ') ?? [];
  return judge(fault, own, isAlone ? came.filter(({ request }) => request !== drilled && request.startsWith(`${call} `)) : []);
}

async function run([program, ...args]: readonly string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<number | null> {
  const child = spawn(program as string, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    return await new Promise((resolve, reject) => {
      child.once('close', resolve);
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(new OperatorError(`The command ${program} cannot be run (${error.code}). Write it after --, as you would in a shell.`)),
      );
    });
  } finally {
    clearTimeout(timer);
  }
}
