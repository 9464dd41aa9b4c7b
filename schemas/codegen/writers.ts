/**
 * Generates the lean writers: `sizeX`, `writeX` and `encodeX` a message. Fields are written in the order of their numbers
 * and defaults are left out, so the bytes are those that protobufjs writes.
 */
import { isPacked, tagBytes, tagNumber } from './model.ts';
import type { FieldModel, MessageModel } from './model.ts';

export function writerOf(message: MessageModel): string {
  const { name } = message;
  const argument = message.fields.length === 0 ? '_m' : 'm';
  return [
    `/** Bytes that \`write${name}\` writes. */`,
    `export function size${name}(${argument}: ${name}Init): number {`,
    `  ${message.fields.length === 0 ? 'const' : 'let'} size = 0;`,
    ...message.fields.flatMap((field) => guarded(field, sizeLines(field))),
    '  return size;',
    '}',
    '',
    '/** Writes the message and returns where it ends; there must be room for its size. */',
    ...(message.fields.length === 0
      ? [`export function write${name}(_m: ${name}Init, _bytes: Uint8Array, at: number): number {`, '  return at;', '}']
      : [
          `export function write${name}(m: ${name}Init, bytes: Uint8Array, start: number): number {`,
          '  let at = start;',
          ...message.fields.flatMap((field) => guarded(field, writeLines(field))),
          '  return at;',
          '}',
        ]),
    '',
    `export function encode${name}(m: ${name}Init): Uint8Array<ArrayBuffer> {`,
    `  const bytes = new Uint8Array(size${name}(m));`,
    `  write${name}(m, bytes, 0);`,
    '  return bytes;',
    '}',
  ].join('\n');
}

/** Wraps the lines in the test that the field is to be written at all. */
function guarded(field: FieldModel, lines: readonly string[]): readonly string[] {
  const value = `m.${field.name}`;
  const wrap = (condition: string): readonly string[] => [`  if (${condition}) {`, ...lines.map((line) => `    ${line}`), '  }'];
  if (field.repeated) return wrap(`${value} !== undefined && ${value}.length > 0`);
  if (field.presence) return wrap(`${value} !== undefined`);
  return wrap(`${value} !== undefined && ${differsFromDefault(field, value)}`);
}

function differsFromDefault(field: FieldModel, value: string): string {
  switch (field.kind) {
    case 'bool':
      return value;
    case 'string':
      return `${value} !== ''`;
    case 'bytes':
      return `${value}.length > 0`;
    case 'double':
      return `!Object.is(${value}, 0)`;
    case 'fixed64':
      return `${value} !== 0n`;
    default:
      return `${value} !== 0`;
  }
}

function sizeLines(field: FieldModel): readonly string[] {
  const value = `m.${field.name}`;
  if (isPacked(field)) {
    const tag = tagBytes(field.number * 8 + 2).length;
    return [`const length = sizeVarints(${value});`, `size += ${tag} + varintSize(length) + length;`];
  }
  const tag = tagBytes(tagNumber(field)).length;
  if (field.repeated)
    return [`for (const entry of ${value}) {`, ...sizeOne(field, { tag, value: 'entry' }).map((line) => `  ${line}`), '}'];
  return sizeOne(field, { tag, value });
}

function sizeOne(field: FieldModel, at: { readonly tag: number; readonly value: string }): readonly string[] {
  const { tag, value } = at;
  switch (field.kind) {
    case 'message':
      return [`const length = size${field.typeName}(${value});`, `size += ${tag} + varintSize(length) + length;`];
    case 'string':
      return [`const length = textSize(${value});`, `size += ${tag} + varintSize(length) + length;`];
    case 'bytes':
      return [`size += ${tag} + varintSize(${value}.length) + ${value}.length;`];
    case 'bool':
      return [`size += ${tag + 1};`];
    case 'double':
    case 'fixed64':
      return [`size += ${tag + 8};`];
    case 'sint64':
      return [`size += ${tag} + zigzagSize(${value});`];
    default:
      return [`size += ${tag} + varintSize(${value});`];
  }
}

function writeLines(field: FieldModel): readonly string[] {
  const value = `m.${field.name}`;
  if (isPacked(field)) return [...writeTagBytes(field.number * 8 + 2), `at = writeVarints(bytes, at, ${value});`];
  const tag = writeTagBytes(tagNumber(field));
  if (field.repeated) return [`for (const entry of ${value}) {`, ...[...tag, ...writeOne(field, 'entry')].map((line) => `  ${line}`), '}'];
  return [...tag, ...writeOne(field, value)];
}

function writeTagBytes(tag: number): readonly string[] {
  return tagBytes(tag).map((byte) => `bytes[at++] = 0x${byte.toString(16).padStart(2, '0')};`);
}

function writeOne(field: FieldModel, value: string): readonly string[] {
  switch (field.kind) {
    case 'message':
      return [`at = writeVarint(bytes, at, size${field.typeName}(${value}));`, `at = write${field.typeName}(${value}, bytes, at);`];
    case 'string':
      return [`at = writeText(bytes, at, ${value});`];
    case 'bytes':
      return [`at = writeBytes(bytes, at, ${value});`];
    case 'bool':
      return [`bytes[at++] = ${value} ? 1 : 0;`];
    case 'double':
      return [`at = writeDouble(bytes, at, ${value});`];
    case 'fixed64':
      return [`at = writeFixed64(bytes, at, ${value});`];
    case 'sint64':
      return [`at = writeZigzag(bytes, at, ${value});`];
    default:
      return [`at = writeVarint(bytes, at, ${value});`];
  }
}
