/**
 * Generates the plain records: their types, and the decoders that fill them by way of the readers. `X` is what a decoder
 * returns, every field there; `XInit` is what a writer takes, every field optional. An `X` is an `XInit`.
 */
import { camelCase, isPacked, lowerFirst, upperFirst, upperSnake } from './model.ts';
import type { FieldModel, MessageModel } from './model.ts';

export function recordOf(message: MessageModel): string {
  return [interfaceOf(message, ''), interfaceOf(message, 'Init')].join('\n\n');
}

function interfaceOf(message: MessageModel, suffix: '' | 'Init'): string {
  const comment = suffix === '' ? message.comment : '';
  const head = `export interface ${message.name}${suffix} {`;
  if (message.fields.length === 0)
    return [...doc(comment, ''), `export type ${message.name}${suffix} = Readonly<Record<string, never>>;`].join('\n');
  const fields = message.fields.flatMap((field) => [...(suffix === '' ? doc(field.comment, '  ') : []), `  ${member(field, suffix)}`]);
  return [...doc(comment, ''), head, ...fields, '}'].join('\n');
}

function doc(comment: string, indent: string): readonly string[] {
  const lines = comment.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return [];
  if (lines.length === 1) return [`${indent}/** ${lines[0] ?? ''} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function member(field: FieldModel, suffix: '' | 'Init'): string {
  const type = typeOf(field, suffix);
  if (suffix === 'Init') return `readonly ${field.name}?: ${type} | undefined;`;
  return field.presence ? `readonly ${field.name}?: ${type} | undefined;` : `readonly ${field.name}: ${type};`;
}

function typeOf(field: FieldModel, suffix: '' | 'Init'): string {
  if (isPacked(field)) return suffix === '' ? 'readonly number[]' : 'ArrayLike<number>';
  const single = singleType(field, suffix);
  return field.repeated ? `readonly ${single}[]` : single;
}

function singleType(field: FieldModel, suffix: '' | 'Init'): string {
  switch (field.kind) {
    case 'message':
      return field.typeName + suffix;
    case 'string':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'bool':
      return 'boolean';
    case 'fixed64':
      return 'bigint';
    case 'sint64':
      return field.repeated ? '(number | bigint)' : 'number | bigint';
    default:
      return 'number';
  }
}

export function decoderOf(message: MessageModel): string {
  const { name } = message;
  const reader = `${lowerFirst(name)}Reader`;
  const parts = message.fields.map((field) => ({ field, ...decodedField(message, field) }));
  return [
    `const ${reader} = new ${name}Reader();`,
    '',
    `/** The record in [start, end), or undefined when that is malformed. Owns its bytes: nothing points into \`bytes\`. */`,
    `export function decode${name}(bytes: Uint8Array, start = 0, end: number = bytes.length): ${name} | undefined {`,
    `  const r = ${reader};`,
    '  if (!r.read(bytes, start, end)) return undefined;',
    ...parts.flatMap((part) => part.before).map((line) => `  ${line}`),
    '  return {',
    ...parts.map((part) => `    ${part.field.name}: ${part.value},`),
    '  };',
    '}',
  ].join('\n');
}

interface DecodedField {
  readonly before: readonly string[];
  readonly value: string;
}

function decodedField(message: MessageModel, field: FieldModel): DecodedField {
  if (field.repeated) return decodedList(field);
  const present = presenceTest(message, field);
  const { name } = field;
  if (field.kind === 'message' || field.kind === 'string') {
    const absent = field.presence ? 'undefined' : "''";
    const read = readSpan(field, `r.${name}Start, r.${name}End`);
    const value = present === undefined ? read : `${present} ? ${read} : ${absent}`;
    // A name of its own: fields may be called like the decoder's parameters.
    const local = `${name}Value`;
    const failed = present === undefined ? `${local} === undefined` : `${present} && ${local} === undefined`;
    return { before: [`const ${local} = ${value};`, `if (${failed}) return undefined;`], value: local };
  }
  const value = scalarValue(field);
  return { before: [], value: present === undefined ? value : `${present} ? ${value} : undefined` };
}

function presenceTest(message: MessageModel, field: FieldModel): string | undefined {
  if (!field.presence) return undefined;
  const oneof = message.oneofs.find((candidate) => candidate.name === field.oneof);
  return oneof === undefined ? `r.has${upperFirst(field.name)}` : `r.${oneof.name}Case === ${field.number}`;
}

function readSpan(field: FieldModel, span: string): string {
  if (field.kind === 'message') return `decode${field.typeName}(bytes, ${span})`;
  return field.kind === 'string' ? `readExactText(bytes, ${span})` : `copyBytes(bytes, ${span})`;
}

function scalarValue(field: FieldModel): string {
  const { name } = field;
  switch (field.kind) {
    case 'bytes':
      return `copyBytes(bytes, r.${name}Start, r.${name}End)`;
    case 'fixed64':
      return `uint64BigInt(r.${name}Low, r.${name}High)`;
    case 'sint64':
      return `int64Exact(r.${name}Low, r.${name}High)`;
    default:
      return `r.${name}`;
  }
}

function decodedList(field: FieldModel): DecodedField {
  const { name } = field;
  if (isPacked(field)) return { before: [], value: `Array.from(r.${name}.subarray(0, r.${name}Count))` };
  const local = `${name}List`;
  const before = [
    `const ${local}: ${singleType(field, '')}[] = [];`,
    `for (let i = 0; i < r.${name}Count; i++) {`,
    `  const entry = ${readSpan(field, `r.${name}Starts[i] as number, r.${name}Ends[i] as number`)};`,
    '  if (entry === undefined) return undefined;',
    `  ${local}.push(entry);`,
    '}',
  ];
  return { before, value: local };
}

/** The values of an enum, under their names without the enum's own. */
export function enumConstants(name: string, values: Readonly<Record<string, number>>): string {
  const prefix = `${upperSnake(name)}_`;
  const entries = Object.entries(values).map(([key, value]) => {
    if (!key.startsWith(prefix)) throw new Error(`${name}.${key} must begin with ${prefix}`);
    return `  ${camelCase(key.slice(prefix.length))}: ${value},`;
  });
  return [`export const ${upperSnake(name)} = {`, ...entries, '} as const;'].join('\n');
}
