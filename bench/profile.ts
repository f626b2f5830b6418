import { parseArgs } from 'node:util';

const ON_SQLITE = [
  'by-hand',
  'get',
  'admission',
  'provision',
  'repeat',
  'apply',
  'tail',
  'writer',
  'layers',
  'start',
  'growth',
  'search',
] as const;
const ON_POSTGRES = ['postgres', 'search-postgres'] as const;
const SECTIONS = [...ON_SQLITE, ...ON_POSTGRES] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Profile {
  name: string;
  /** How often the sides of a comparison take turns. */
  rounds: number;
  /** How long one side runs in one round, and unmeasured before the first. */
  seconds: number;
  warmUpSeconds: number;
  /** Clients in the large databases of `growth` and `search`, and rows of the file of `apply`. */
  manyClients: number;
  sections: readonly SectionName[];
}

const DEFAULT = { name: 'default', rounds: 5, seconds: 1.5, warmUpSeconds: 2, manyClients: 1_000_000 };
const QUICK = { name: 'quick', rounds: 2, seconds: 0.5, warmUpSeconds: 0.5, manyClients: 20_000 };
const FULL = { name: 'full', rounds: 11, seconds: 3, warmUpSeconds: 5, manyClients: 1_000_000 };

export const USAGE = `npm run bench -- [options]

  --quick        few and short rounds: shows that it works, proves little
  --full         more and longer rounds
  --only <name>  one section; may be given again for more of them. There are
                 ${SECTIONS.join(', ')}
  --postgres     the sections on PostgreSQL, which run only where they are asked for: on a PostgreSQL of its own, started and removed here
  --help         this text

Without --only and --postgres: all sections on SQLite.`;

/** Undefined where only the usage is asked for. */
export function readProfile(): Profile | undefined {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      postgres: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const unknown = values.only.find((name) => !SECTIONS.includes(name as SectionName));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${SECTIONS.join(', ')}`);
  const asked: string[] = values.postgres ? [...values.only, ...ON_POSTGRES] : values.only;
  const sections = asked.length === 0 ? ON_SQLITE : SECTIONS.filter((name) => asked.includes(name));
  return { ...(values.quick ? QUICK : values.full ? FULL : DEFAULT), sections };
}
