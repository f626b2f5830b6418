import type { AdmissionAnswer, MissKind } from '../domain/admission.ts';
import type { CountryCode } from '../domain/country.ts';
import type { GuessingLimits, SourceKind } from '../domain/guessing.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import type { LegBook } from './leg-book.ts';
import type { RefusalClock } from './refusal-clock.ts';
import type { Tarpit } from './tarpit.ts';

/** Where callers are let in or turned away: what all admissions of one process share. */
export interface AdmissionDesk {
  store: Store;
  vault: Vault;
  limits: GuessingLimits;
  tarpit: Tarpit;
  legs: LegBook;
  refusals: RefusalClock;
  /** In which national numbers are read where neither the number dialled nor the bridge says. */
  defaultRegion: CountryCode | undefined;
  counts: AdmissionCounts;
  now: () => number;
}

/** What is counted of them. No tenant's data is in it. */
export interface AdmissionCounts {
  answered(action: AdmissionAnswer['action']): void;
  missed(why: MissKind): void;
  withheld(by: SourceKind): void;
  alarmed(): void;
}
