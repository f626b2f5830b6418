import { parseArgs } from 'node:util';

export const SECTIONS = ['get', 'provision', 'repeat', 'tail', 'writer', 'growth'] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Profile {
  name: string;
  /** How often the sides of a comparison take turns. */
  rounds: number;
  /** How long one side runs in one round, and unmeasured before the first. */
  seconds: number;
  warmUpSeconds: number;
  /** Clients in the large database of `growth`. */
  manyClients: number;
  sections: readonly SectionName[];
}

const DEFAULT = { name: 'default', rounds: 5, seconds: 1.5, warmUpSeconds: 2, manyClients: 1_000_000 };
const QUICK = { name: 'quick', rounds: 2, seconds: 0.5, warmUpSeconds: 0.5, manyClients: 20_000 };
const FULL = { name: 'full', rounds: 11, seconds: 3, warmUpSeconds: 5, manyClients: 1_000_000 };

export function readProfile(): Profile {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
    },
  });
  const only = values.only ?? SECTIONS;
  const unknown = only.find((name) => !SECTIONS.includes(name as SectionName));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${SECTIONS.join(', ')}`);
  return { ...(values.quick ? QUICK : values.full ? FULL : DEFAULT), sections: SECTIONS.filter((name) => only.includes(name)) };
}
