/** What a body's schema refuses, in words: which field it is, what it may be, and which fields there are. */
import type { FastifySchemaValidationError } from 'fastify';
import { quoted } from '../../engine/kernel/quoted.ts';

export interface FieldProblem {
  /** Of the field itself, whether it is there or not. */
  readonly pointer: string;
  readonly detail: string;
}

type Fields = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/** What is counted, by keyword, and which end of it is bounded. */
const BOUNDS: Readonly<Record<string, readonly [verb: string, unit: string]>> = {
  minLength: ['has at least', 'characters'],
  maxLength: ['has at most', 'characters'],
  minItems: ['has at least', 'members'],
  maxItems: ['has at most', 'members'],
  minProperties: ['has at least', 'fields'],
  maxProperties: ['has at most', 'fields'],
  minimum: ['is at least', ''],
  maximum: ['is at most', ''],
};

/** Needs the validator's `verbose` errors, which carry the part of the schema that refused. */
export function fieldProblems(errors: readonly FastifySchemaValidationError[]): readonly FieldProblem[] {
  return errors.map((error) => {
    const schema = schemaOf(error);
    const { instancePath, keyword, params } = error;
    const extra = params['additionalProperty'];
    if (keyword === 'additionalProperties' && typeof extra === 'string')
      return { pointer: pointerTo(instancePath, extra), detail: noField(extra, Object.keys(partsOf(schema))) };
    const missing = params['missingProperty'];
    if (keyword === 'required' && typeof missing === 'string') {
      const pointer = pointerTo(instancePath, missing);
      const words = descriptionOf(partsOf(schema)[missing]);
      return { pointer, detail: `${nameOf(pointer)} is missing${words === undefined ? '' : `: it ${words}`}` };
    }
    return { pointer: instancePath, detail: `${nameOf(instancePath)} ${ruleOf(error, schema)}` };
  });
}

/** Also for bodies that no schema checks. */
export function noField(name: string, fields: readonly string[]): string {
  return `there is no field ${quoted(name)}; ${fields.length === 0 ? 'nothing can be said here' : `there are ${fields.join(', ')}`}`;
}

/** RFC 6901. */
export function pointerTo(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function ruleOf({ keyword, message, params }: FastifySchemaValidationError, schema: Fields): string {
  const bound = BOUNDS[keyword];
  if (bound !== undefined) return `${bound[0]} ${String(params['limit'])} ${bound[1]}`.trimEnd();
  switch (keyword) {
    case 'enum':
      return `is one of ${[params['allowedValues']].flat().map(String).join(', ')}`;
    case 'type': {
      const kinds = [params['type']].flat().flatMap((kind) => String(kind).split(','));
      return `is ${kinds.map((kind) => KINDS[kind] ?? kind).join(' or ')}`;
    }
    case 'pattern':
      return descriptionOf(schema) ?? `fits the pattern ${String(params['pattern'])}`;
    case 'format':
      return params['format'] === 'date-time' ? 'is a time of RFC 3339, such as 2026-01-31T12:00:00Z' : `is a ${String(params['format'])}`;
    case 'uniqueItems':
      return `names nothing twice: members ${[params['i'], params['j']]
        .map(Number)
        .toSorted((a, b) => a - b)
        .join(' and ')} are the same`;
    default:
      return message ?? 'is not valid';
  }
}

function nameOf(pointer: string): string {
  return pointer === ''
    ? 'the body'
    : quoted(pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')).slice(1, -1);
}

function schemaOf(error: FastifySchemaValidationError): Fields {
  return 'parentSchema' in error && isFields(error.parentSchema) ? error.parentSchema : {};
}

function partsOf(schema: Fields): Fields {
  const { properties } = schema;
  return isFields(properties) ? properties : {};
}

/** Follows the field's name in a sentence. */
function descriptionOf(schema: unknown): string | undefined {
  if (!isFields(schema)) return undefined;
  const { description, enum: words, type } = schema;
  if (typeof description === 'string') return description;
  if (Array.isArray(words)) return `is one of ${words.map(String).join(', ')}`;
  return typeof type === 'string' ? `is ${KINDS[type] ?? type}` : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
