import { readFile, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { OperatorError } from '../../../domain/errors.ts';
import { type Field, FIELDS, isField } from '../../../domain/moving/fields.ts';
import {
  DERIVED_FIELDS,
  isCodeLength,
  LONGEST_CODE,
  type Mapping,
  mergeMappings,
  NO_MAPPING,
  readMapping,
  SHORTEST_CODE,
} from '../../../domain/moving/mapping.ts';
import { MAPPINGS } from '../../../domain/moving/mappings/mappings.ts';
import { findEncoding } from '../../../tables/encodings.ts';
import type { TableFormat } from '../../../tables/table.ts';

export interface FileOptions {
  from?: string;
  mapping?: string;
  saveMapping?: string;
  map?: Pairs;
  set?: Pairs;
  derive?: Pairs;
  status?: Pairs;
  codeLength?: number;
  headings?: string[];
  format?: TableFormat;
  encoding?: string;
  delimiter?: string;
  sheet?: string;
}

type Pairs = Record<string, string>;

const FORMATS = ['csv', 'ndjson', 'xlsx'] as const;

export const FIELDS_HELP = `
Fields: ${FIELDS.join(', ')}.
Which column is which field is recognised by common headings in English, French, German and Spanish, and shown. --map settles it: --map client.email="E-mail (work)",
--map client.email=#7 for the seventh column, --map status= for none.`;

/** How to read somebody's file. */
export function addFileOptions(command: Command): Command {
  return command
    .option('--map <field=heading>', 'the column of a field; may be repeated', collect(FIELDS))
    .option('--set <field=value>', 'a value for a field without a column, and where its cell is empty; may be repeated', collect(FIELDS))
    .option('--derive <field=heading>', 'an id worked out of a text such as a UUID; may be repeated', collect(DERIVED_FIELDS))
    .option('--status <word=state>', 'what a word of the file means: active or inactive; may be repeated', collectStates)
    .option('--code-length <n>', 'how many digits pass codes have: zeros that a spreadsheet dropped are put back', readCodeLength)
    .option('--headings <list>', 'the headings of a file that has none, with commas between', (list) =>
      list.split(',').map((one) => one.trim()),
    )
    .addOption(new Option('--from <product>', 'a ready-made mapping').choices([...MAPPINGS.keys()]))
    .option('--mapping <file>', 'a mapping that --save-mapping has written')
    .option('--save-mapping <file>', 'write all of the above to a file, for the next time')
    .addOption(new Option('--format <format>', 'otherwise seen by the first bytes').choices(FORMATS))
    .option('--encoding <name>', 'such as windows-1252; otherwise found out', readEncoding)
    .option('--delimiter <character>', 'of a CSV file; otherwise found out ("tab" for a tab)', readDelimiter)
    .option('--sheet <name>', 'of a workbook; otherwise the first');
}

/** What was asked for goes before a saved mapping, and that before a ready-made one. */
export async function toMapping(options: FileOptions): Promise<Mapping> {
  const ready = options.from === undefined ? NO_MAPPING : (MAPPINGS.get(options.from) as Mapping);
  const saved = options.mapping === undefined ? NO_MAPPING : await readSaved(options.mapping);
  const { map = {}, set = {}, derive = {}, status = {}, codeLength, headings } = options;
  const asked = { columns: map, values: set, derived: derive, statuses: status, codeLength, headings, guesses: true } as Mapping;
  const mapping = mergeMappings(mergeMappings(ready, saved), asked);
  if (options.saveMapping !== undefined) await save(options.saveMapping, mapping);
  return mapping;
}

async function readSaved(path: string): Promise<Mapping> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      code === undefined ? `${path} is not JSON. Write a mapping with --save-mapping.` : `${path} cannot be read: ${code}.`,
    );
  }
  const mapping = readMapping(given);
  if ('problems' in mapping) throw new OperatorError(mapping.problems.map((problem) => `${path}: ${problem}`).join('\n'));
  return mapping;
}

async function save(path: string, mapping: Mapping): Promise<void> {
  // A value may be a password that all clients get.
  await writeFile(path, `${JSON.stringify(mapping, null, 2)}\n`, { mode: 0o600 });
}

function collect(fields: readonly string[]): (given: string, before?: Pairs) => Pairs {
  return (given, before) => {
    const at = given.indexOf('=');
    const field = given.slice(0, at) as Field;
    if (at < 1 || !isField(field) || !fields.includes(field))
      throw new InvalidArgumentError(`It must be FIELD=TEXT, and FIELD one of: ${fields.join(', ')}.`);
    return { ...before, [field]: given.slice(at + 1) };
  };
}

function collectStates(given: string, before?: Pairs): Pairs {
  const [, word, state] = /^(.+)=(active|inactive)$/.exec(given) ?? [];
  if (word === undefined || state === undefined) throw new InvalidArgumentError('It must be WORD=active or WORD=inactive.');
  return { ...before, [word.trim().toLowerCase()]: state };
}

function readCodeLength(given: string): number {
  if (!/^\d{1,2}$/.test(given) || !isCodeLength(Number(given)))
    throw new InvalidArgumentError(`It must be a whole number from ${SHORTEST_CODE} to ${LONGEST_CODE}.`);
  return Number(given);
}

function readEncoding(given: string): string {
  const encoding = findEncoding(given);
  if (encoding === undefined)
    throw new InvalidArgumentError('It must be the name of an encoding, such as utf-8, utf-16le, windows-1252 or macintosh.');
  return encoding;
}

function readDelimiter(given: string): string {
  const delimiter = given === 'tab' || given === String.raw`\t` ? '\t' : given;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new InvalidArgumentError('It must be one character, or the word tab.');
  return delimiter;
}
