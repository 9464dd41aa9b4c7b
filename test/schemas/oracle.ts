/**
 * The generated codecs of every message beside protobufjs, their oracle: random records, and both sides' results brought
 * into one form, in which absent fields are absent and 64-bit integers are numbers where exact, else bigints.
 */
import fc from 'fast-check';
import { messagesOf } from '../../schemas/codegen/model.ts';
import type { FieldModel, MessageModel } from '../../schemas/codegen/model.ts';
import * as lean from '../../schemas/gen/lean.ts';
import { twinfold } from '../../schemas/gen/twinfold.js';
import { loadSchemas, PACKAGE } from '../../schemas/generate.ts';
import { readVarint, skipField, varintSize, writeVarint } from '../../schemas/wire.ts';

export type PlainRecord = Readonly<Record<string, unknown>>;

export interface Reader {
  read(bytes: Uint8Array, start: number, end: number): boolean;
}

export interface LeanCodec {
  readonly encode: (record: PlainRecord) => Uint8Array;
  readonly decode: (bytes: Uint8Array, start?: number, end?: number) => PlainRecord | undefined;
  readonly reader: () => Reader;
}

interface StaticType {
  fromObject(record: PlainRecord): object;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: PlainRecord): PlainRecord;
}

const namespace = (await loadSchemas()).lookup(PACKAGE);
export const MESSAGES: readonly MessageModel[] = messagesOf(namespace as Parameters<typeof messagesOf>[0]);

export function messageNamed(name: string): MessageModel {
  const found = MESSAGES.find((message) => message.name === name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

export function leanCodec(name: string): LeanCodec {
  const all = new Map<string, unknown>(Object.entries(lean));
  const ReaderClass = all.get(`${name}Reader`) as new () => Reader;
  return {
    encode: all.get(`encode${name}`) as LeanCodec['encode'],
    decode: all.get(`decode${name}`) as LeanCodec['decode'],
    reader: () => new ReaderClass(),
  };
}

function staticType(name: string): StaticType {
  return new Map<string, unknown>(Object.entries(twinfold.v1)).get(name) as StaticType;
}

export function oracleEncode(message: MessageModel, record: PlainRecord): Uint8Array {
  const type = staticType(message.name);
  return Uint8Array.from(type.encode(type.fromObject(forOracle(message, record))).finish());
}

/**
 * As `oracleDecode`, without the texts that a later field of the same name or oneof replaces: the oracle judges their
 * UTF-8, the generated readers look only at what is there in the end.
 */
export function oracleDecodeLast(message: MessageModel, bytes: Uint8Array): PlainRecord | undefined {
  return oracleDecode(message, bytes) ?? oracleDecode(message, withoutReplaced(message, bytes));
}

function withoutReplaced(message: MessageModel, bytes: Uint8Array): Uint8Array {
  const kept: { readonly slot: unknown; readonly bytes: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = skipField(bytes, at, bytes.length);
    const tag = readVarint(bytes, at, bytes.length);
    const field = message.fields.find((candidate) => candidate.number === Math.floor(tag / 8));
    const slot = field === undefined || field.repeated || field.kind === 'message' ? Symbol('kept') : field.oneof || field.name;
    const whole = bytes.slice(at, next);
    kept.push({ slot, bytes: field?.kind === 'message' ? rewritten(messageNamed(field.typeName), tag, whole) : whole });
    at = next;
  }
  const last = kept.filter(({ slot }, index) => kept.findLastIndex((other) => other.slot === slot) === index);
  return Uint8Array.from(last.flatMap((part) => [...part.bytes]));
}

function rewritten(message: MessageModel, tag: number, field: Uint8Array): Uint8Array {
  const prefix = varintSize(tag);
  const length = readVarint(field, prefix, field.length);
  const body = withoutReplaced(message, field.subarray(field.length - length));
  const head = new Uint8Array(prefix + varintSize(body.length));
  writeVarint(head, writeVarint(head, 0, tag), body.length);
  return Uint8Array.from([...head, ...body]);
}

/** In the common form; undefined where the oracle throws. */
export function oracleDecode(message: MessageModel, bytes: Uint8Array): PlainRecord | undefined {
  const type = staticType(message.name);
  try {
    const found = type.toObject(type.decode(bytes), { longs: String, bytes: Array, oneofs: true });
    return fromOracle(message, found);
  } catch {
    return undefined;
  }
}

/** The oracle takes 64-bit integers as text. */
function forOracle(message: MessageModel, record: PlainRecord): PlainRecord {
  const given: Record<string, unknown> = {};
  for (const field of message.fields) {
    const value = record[field.name];
    if (value === undefined) continue;
    const convert = (single: unknown): unknown => {
      if (field.kind === 'message') return forOracle(messageNamed(field.typeName), single as PlainRecord);
      return isWide(field) ? String(single) : single;
    };
    given[field.name] = field.repeated ? (value as unknown[]).map(convert) : convert(value);
  }
  return given;
}

function fromOracle(message: MessageModel, found: PlainRecord): PlainRecord {
  const record: Record<string, unknown> = {};
  for (const field of message.fields) {
    // Of a oneof's members, only the last one counts; the oracle remembers the others too.
    if (field.oneof !== '' && found[field.oneof] !== field.name) continue;
    const value = Object.hasOwn(found, field.name) ? found[field.name] : undefined;
    const convert = (single: unknown): unknown => fromOracleValue(field, single);
    if (field.repeated) record[field.name] = ((value ?? []) as unknown[]).map(convert);
    else if (value !== undefined) record[field.name] = convert(value);
    else if (!field.presence) record[field.name] = defaultOf(field);
  }
  return record;
}

function fromOracleValue(field: FieldModel, value: unknown): unknown {
  switch (field.kind) {
    case 'message':
      return fromOracle(messageNamed(field.typeName), value as PlainRecord);
    case 'bytes':
      return Uint8Array.from(value as number[]);
    case 'fixed64':
      return BigInt(String(value));
    case 'uint64':
    case 'sint64': {
      const wide = BigInt(String(value));
      return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide;
    }
    default:
      return value;
  }
}

function isWide(field: FieldModel): boolean {
  return field.kind === 'uint64' || field.kind === 'sint64' || field.kind === 'fixed64';
}

function defaultOf(field: FieldModel): unknown {
  switch (field.kind) {
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array(0);
    case 'bool':
      return false;
    case 'fixed64':
      return 0n;
    default:
      return 0;
  }
}

/** Without the fields that say `undefined`. */
export function compact(message: MessageModel, record: PlainRecord): PlainRecord {
  const kept: Record<string, unknown> = {};
  for (const field of message.fields) {
    const value = record[field.name];
    if (value === undefined) continue;
    const convert = (single: unknown): unknown =>
      field.kind === 'message' ? compact(messageNamed(field.typeName), single as PlainRecord) : single;
    kept[field.name] = field.repeated ? (value as unknown[]).map(convert) : convert(value);
  }
  return kept;
}

/** Any record of the message, defaults and absences among it. */
export function recordOf(message: MessageModel): fc.Arbitrary<PlainRecord> {
  const shape: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of message.fields) if (field.oneof === '') shape[field.name] = valueOf(field);
  const plain = fc.record(shape, { requiredKeys: [] });
  return message.oneofs.reduce<fc.Arbitrary<PlainRecord>>((records, oneof) => {
    const member = fc.oneof(fc.constant({}), ...oneof.members.map((field) => valueOf(field).map((value) => ({ [field.name]: value }))));
    return fc.tuple(records, member).map(([record, chosen]) => ({ ...record, ...chosen }));
  }, plain);
}

const LIST_LENGTH_MAX = 5;

function valueOf(field: FieldModel): fc.Arbitrary<unknown> {
  const single = singleValueOf(field);
  return field.repeated ? fc.array(single, { maxLength: LIST_LENGTH_MAX }) : single;
}

function singleValueOf(field: FieldModel): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'message':
      return recordOf(messageNamed(field.typeName));
    case 'string':
      return fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ minLength: 120, maxLength: 140 }));
    case 'bytes':
      return fc.uint8Array({ maxLength: 200 });
    case 'bool':
      return fc.boolean();
    case 'double':
      return fc.double();
    case 'enum':
      return fc.oneof(fc.nat(8), fc.nat(0x7fffffff));
    case 'fixed64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 'sint64':
      return fc.oneof(fc.maxSafeInteger().map(withoutMinusZero), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exact));
    case 'uint32':
      return fc.oneof(fc.nat(300), fc.nat(0xffffffff));
    case 'uint64':
      return fc.oneof(
        fc.nat(300),
        fc.maxSafeNat(),
        fc.nat(64).map((power) => Math.min(2 ** power, Number.MAX_SAFE_INTEGER)),
      );
  }
}

function withoutMinusZero(value: number): number {
  return value + 0;
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
