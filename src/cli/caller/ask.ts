import { text } from 'node:stream/consumers';
import { OperatorError } from '../../domain/errors.ts';

/** Reads a secret from the terminal without showing it, or the whole standard input where that is not a terminal. */
export async function readSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  return (await ask(prompt, true)).trim();
}

/** Whether to go on. Without a terminal nobody can answer. */
export async function confirm(question: string, howInScripts = 'add --yes'): Promise<boolean> {
  if (!process.stdin.isTTY) throw new OperatorError(`Nobody can be asked here, because standard input is not a terminal: ${howInScripts}.`);
  return /^y(es)?$/i.test((await ask(`${question} [y/N]`, false)).trim());
}

async function ask(prompt: string, silent: boolean): Promise<string> {
  const { read } = await import('read');
  try {
    return await read({ prompt, silent, input: process.stdin, output: process.stderr });
  } catch {
    throw new OperatorError('Cancelled: nothing was done.');
  }
}
