import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export const PARLEY = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The environment of this process without any setting of ours, and with the given ones. */
export function environmentWith(settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
  return { ...Object.fromEntries(inherited), ...settings };
}

/** Runs one `parley` command to its end, as an operator does. */
export async function runParley(args: string[], settings: Record<string, string> = {}, cwd?: string, input?: string): Promise<Finished> {
  const child = startParley(args, settings, cwd);
  child.stdin?.end(input);
  const output = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...output() };
}

/** The same, still running. */
export function startParley(args: string[], settings: Record<string, string> = {}, cwd?: string): ChildProcess {
  return spawn(process.execPath, [PARLEY, ...args], { env: environmentWith(settings), cwd, stdio: 'pipe' });
}

export interface ServerProcess {
  url: string;
  pid: number;
  child: ChildProcess;
  output(): { stdout: string; stderr: string };
  /** Sends the signal and resolves with the exit code when the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A server in a process of its own, which can be killed. `command` wraps the plain `node parley serve`, for limits set by a shell. */
export async function startServerProcess(
  t: TestContext,
  settings: Record<string, string>,
  command?: (argv: string[]) => string[],
): Promise<ServerProcess> {
  const argv = [process.execPath, PARLEY, 'serve'];
  const [program, ...args] = command?.(argv) ?? argv;
  const child = spawn(program as string, args, {
    env: environmentWith({ PARLEY_PORT: '0', ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  t.after(() => child.kill('SIGKILL'));
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.stdout?.on('data', () => {
        const found = /"url":"([^"]+)"/.exec(output().stdout)?.[1];
        if (found !== undefined) resolve(found);
      });
    }),
    exited.then((code) => {
      throw new Error(`the server ended at start with ${code}: ${output().stderr}`);
    }),
  ]);
  return {
    url,
    pid: child.pid as number,
    child,
    output,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

export function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return () => ({ stdout, stderr });
}
