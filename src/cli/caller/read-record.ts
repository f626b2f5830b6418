import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { OperatorError } from '../../domain/errors.ts';
import type { LooseRecord } from './record-options.ts';

export const STANDARD_INPUT = '-';

/** A record as JSON from a file, or from standard input where the name is `-`. */
export async function readRecord(path: string): Promise<LooseRecord> {
  const name = path === STANDARD_INPUT ? 'Standard input' : path;
  let record: unknown;
  const given = await readInput(path);
  try {
    record = JSON.parse(given.replace(/^\uFEFF/, ''));
  } catch {
    throw new OperatorError(`${name} is not JSON. Give one record, as docs/command-line.md shows it.`);
  }
  const parts = ['company', 'client', 'contact'];
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(record)) throw new OperatorError(`${name} must hold one JSON object with the members company, client and contact.`);
  const wrong = parts.filter((part) => part in (record as object) && !isObject((record as LooseRecord)[part]));
  if (wrong.length > 0) throw new OperatorError(`${name}: ${wrong.join(' and ')} must be a JSON object.`);
  return record as LooseRecord;
}

/** One line, without its end. */
export async function readPassword(path: string): Promise<string> {
  return (await readInput(path)).replace(/\r?\n$/, '');
}

async function readInput(path: string): Promise<string> {
  if (path === STANDARD_INPUT) return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw cannotRead(path, error);
  }
}

export function cannotRead(path: string, error: unknown): OperatorError {
  return new OperatorError(
    `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}. Give the name of a file, or - for standard input.`,
  );
}

export function readWholeNumber(least: number, most: number): (given: string) => number {
  return (given) => {
    const number = Number(given);
    if (!/^\d{1,16}$/.test(given) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}
