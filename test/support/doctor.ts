import type { Finding } from '../../src/operations/doctor/finding.ts';
import { runParley } from './process.ts';

/** What `parley doctor` finds, in its order. */
export async function askDoctor(settings: Record<string, string>): Promise<Finding[]> {
  return JSON.parse((await runParley(['doctor', '--json'], settings)).stdout) as Finding[];
}
