import { InvalidArgumentError } from 'commander';
import { OperatorError } from '../../../domain/errors.ts';
import type { Parley } from '../../../../sdk/src/index.ts';

/** A number of clients, or a share of those that are active. */
export interface MaxDeactivate {
  count?: number;
  percent?: number;
}

export const STANDARD_MAX_DEACTIVATE: MaxDeactivate = { percent: 5 };

export function readMaxDeactivate(given: string): MaxDeactivate {
  const [, number, sign] = /^(\d{1,9}(?:\.\d{1,3})?)(%?)$/.exec(given) ?? [];
  if (number === undefined || (sign === '' && number.includes('.')) || (sign === '%' && Number(number) > 100))
    throw new InvalidArgumentError('It must be a number of clients such as 20, or a share of the active ones such as 5%.');
  return sign === '%' ? { percent: Number(number) } : { count: Number(number) };
}

/** A broken export must not put half of the customers out of their conferences: refused before the first write. */
export async function checkBrake(parley: Parley, deactivations: number, { count, percent }: MaxDeactivate): Promise<void> {
  if (deactivations === 0) return;
  if (count !== undefined) {
    if (deactivations <= count) return;
    throw new OperatorError(`${deactivations} clients would be deactivated, more than --max-deactivate ${count}. Nothing was changed.`);
  }
  const { clients } = await parley.statistics();
  const active = clients.active ?? 0;
  const share = active === 0 ? 100 : (deactivations / active) * 100;
  if (share <= (percent as number)) return;
  throw new OperatorError(
    `${deactivations} of ${active} active clients would be deactivated (${share.toFixed(1)} %), more than ${percent} %. Nothing was changed. If that is right: --max-deactivate ${deactivations}`,
  );
}
