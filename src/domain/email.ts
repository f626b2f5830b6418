import { findTextProblem } from './text.ts';

const ADDRESS = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)*$/u;

/** Deliberately loose: whether mail arrives is for the caller to know, and two plans may share one address. */
export function findEmailProblem(raw: string): string | undefined {
  const problem = findTextProblem(raw);
  if (problem !== undefined) return problem;
  return ADDRESS.test(raw.trim()) ? undefined : 'must be an e-mail address, such as me@example.com';
}
