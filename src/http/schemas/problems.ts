import { type FieldProblem, fieldsInvalid, type ProvisioningError } from '../../domain/errors.ts';
import { RULES, type RuleName, type RuleProblem } from './rules.ts';

interface JsonSchema {
  'x-rule'?: RuleName;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
}

/** One error of Ajv's, run with `verbose` so that the schema it came from is at hand. */
export interface SchemaFailure {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  parentSchema?: JsonSchema;
}

interface AjvLike {
  addKeyword(definition: object): unknown;
}

/** Gives Ajv the keyword `x-rule`, whose value names one of the domain's rules. In the OpenAPI document it is an extension. */
export function addRuleKeyword(ajv: AjvLike): void {
  const validate: { (name: RuleName, value: unknown, schema: JsonSchema): boolean; errors?: object[] } = (name, value, { type }) => {
    // Ajv comes here even where it has found the type wrong, which is then what the caller is told.
    if (!isOfType(value, type)) return true;
    const problem = (RULES[name].find as (value: unknown) => RuleProblem | undefined)(value);
    validate.errors = problem === undefined ? [] : [{ keyword: 'x-rule', message: problem.message, params: problem }];
    return problem === undefined;
  };
  ajv.addKeyword({ keyword: 'x-rule', schemaType: 'string', errors: true, validate });
}

function isOfType(value: unknown, type: string | string[] = []): boolean {
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
  return [type].flat().includes(actual);
}

/** Every field that offends, once each, by the path a caller knows it by. The first thing found wrong with it is what it is told. */
export function readSchemaProblems(failures: readonly SchemaFailure[]): ProvisioningError {
  const problems = new Map<string, FieldProblem>();
  for (const failure of failures.toSorted(typesFirst)) {
    for (const problem of readFailure(failure)) {
      if (!problems.has(problem.field)) problems.set(problem.field, problem);
    }
  }
  return fieldsInvalid([...problems.values()]);
}

function typesFirst(a: SchemaFailure, b: SchemaFailure): number {
  return Number(a.keyword === 'x-rule') - Number(b.keyword === 'x-rule');
}

function readFailure({ keyword, instancePath, params, parentSchema = {} }: SchemaFailure): FieldProblem[] {
  const path = instancePath.split('/').slice(1);
  if (keyword === 'required') {
    const missing = String(params.missingProperty);
    return listMissing([...path, missing], parentSchema.properties?.[missing] ?? {});
  }
  if (keyword === 'additionalProperties') {
    const names = Object.keys(parentSchema.properties ?? {}).join(', ');
    const message = `is not known here: there are ${names}`;
    return [{ field: [...path, String(params.additionalProperty)].join('.'), code: 'FIELD_INVALID', message }];
  }
  if (keyword === 'x-rule') {
    const { code, message, members } = params as unknown as RuleProblem;
    if (members === undefined) return [{ field: path.join('.'), code, message }];
    return members.map((member) => ({ field: [...path, member].join('.'), code, message }));
  }
  return [{ field: path.join('.'), code: 'FIELD_INVALID', message: RULES[parentSchema['x-rule'] ?? 'object'].expects }];
}

/** A missing object is told as the members that it must have, because those are what the caller has to send. */
function listMissing(path: string[], schema: JsonSchema): FieldProblem[] {
  const required = schema.required ?? [];
  if (required.length === 0) return [{ field: path.join('.'), code: 'FIELD_REQUIRED', message: 'is required' }];
  return required.flatMap((name) => listMissing([...path, name], schema.properties?.[name] ?? {}));
}
