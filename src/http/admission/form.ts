import { fieldsInvalid } from '../../domain/errors.ts';
import { findCharacterProblem } from '../../domain/text.ts';
import type { EngineRequest } from './dialect.ts';

/**
 * What an engine sends as a form, or as a query where it asks with GET. A field that is there twice could be read differently by others, and is refused;
 * but FreeSWITCH adds a parameter again when it changes, and means the last.
 */
export class Form {
  readonly #fields: URLSearchParams;
  readonly #takesLast: boolean;

  constructor({ method, url, body }: EngineRequest, { takesLast = false } = {}) {
    this.#takesLast = takesLast;
    const queryAt = url.indexOf('?');
    const query = queryAt < 0 ? '' : url.slice(queryAt + 1);
    this.#fields = new URLSearchParams(method === 'POST' ? body.toString('utf8') : query);
  }

  /** Undefined for one that is empty too: engines send those for what they do not know. */
  optional(name: string): string | undefined {
    const value = this.raw(name);
    const problem = value === undefined ? undefined : findCharacterProblem(value);
    if (problem !== undefined) throw invalid(name, problem);
    return value || undefined;
  }

  /** Whatever it holds: nothing that is kept or looked for. */
  raw(name: string): string | undefined {
    const values = this.#fields.getAll(name);
    if (values.length > 1 && !this.#takesLast) throw invalid(name, 'is there twice');
    return values.at(-1);
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw invalid(name, 'is required');
    return value;
  }

  /** The first of these that is there. */
  firstOf(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.optional(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  entries(): [name: string, value: string][] {
    return [...this.#fields];
  }
}

function invalid(field: string, message: string): Error {
  return fieldsInvalid([{ field, code: message === 'is required' ? 'FIELD_REQUIRED' : 'FIELD_INVALID', message }]);
}
