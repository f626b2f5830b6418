import type { Mapping } from '../mapping.ts';
import { codes } from './codes.ts';
import { freepbx } from './freepbx.ts';
import { fusionpbx } from './fusionpbx.ts';
import { greenlight } from './greenlight.ts';

/** Ready-made, by the name that `--from` takes. What such a file does not have (a country, a company) is given with `--set`. */
export const MAPPINGS: ReadonlyMap<string, Mapping> = new Map([
  ['fusionpbx', fusionpbx],
  ['greenlight', greenlight],
  ['freepbx', freepbx],
  ['codes', codes],
]);
