import { findTextProblem } from '../../domain/text.ts';
import type { EngineRequest } from './dialect.ts';
import { Form } from './form.ts';

/** What somebody wants to be called in the conference. */
export function nameIn(asked: EngineRequest): string {
  const name = new Form(asked).raw('name')?.trim() ?? '';
  return findTextProblem(name) === undefined ? name : 'Guest';
}
