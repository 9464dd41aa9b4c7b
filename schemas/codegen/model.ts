/**
 * The messages of the `.proto` files as the code generator sees them: flat, resolved and sorted by field number. Whatever
 * the generated code has no form for is refused here, so that a schema change cannot silently lose a field.
 */
import protobuf from 'protobufjs';

export type ScalarKind = 'uint32' | 'uint64' | 'sint64' | 'bool' | 'enum' | 'double' | 'fixed64' | 'string' | 'bytes';

export interface FieldModel {
  readonly name: string;
  readonly number: number;
  readonly kind: ScalarKind | 'message';
  /** The message's or enum's name, else empty. */
  readonly typeName: string;
  readonly repeated: boolean;
  /** Whether absence differs from the default: `optional`, a member of a oneof, a message. */
  readonly presence: boolean;
  /** Name of the oneof that it is a member of, empty for none. */
  readonly oneof: string;
  readonly comment: string;
}

export interface OneofModel {
  readonly name: string;
  readonly members: readonly FieldModel[];
}

export interface MessageModel {
  readonly name: string;
  readonly comment: string;
  readonly fields: readonly FieldModel[];
  readonly oneofs: readonly OneofModel[];
}

/** Messages of a namespace, every message after those that it contains. Recursive messages are refused. */
export function messagesOf(namespace: protobuf.Namespace): readonly MessageModel[] {
  const models = new Map<string, MessageModel>();
  const open = new Set<string>();
  const visit = (type: protobuf.Type): void => {
    if (models.has(type.name)) return;
    if (open.has(type.name)) throw new Error(`${type.name} contains itself: the generated readers can't read that`);
    open.add(type.name);
    for (const field of type.fieldsArray) {
      const { resolvedType } = field.resolve();
      if (resolvedType instanceof protobuf.Type) visit(resolvedType);
    }
    open.delete(type.name);
    models.set(type.name, messageOf(type));
  };
  for (const nested of namespace.nestedArray) if (nested instanceof protobuf.Type) visit(nested);
  return [...models.values()];
}

function messageOf(type: protobuf.Type): MessageModel {
  if (type.nestedArray.length > 0) throw new Error(`${type.name}: nested declarations have no generated form`);
  const fields = type.fieldsArray.map(fieldOf).toSorted((a, b) => a.number - b.number);
  const names = [...new Set(fields.map((field) => field.oneof).filter((name) => name !== ''))];
  const oneofs = names.map((name) => ({ name, members: fields.filter((field) => field.oneof === name) }));
  return { name: type.name, comment: type.comment ?? '', fields, oneofs };
}

function fieldOf(field: protobuf.Field): FieldModel {
  field.resolve();
  const where = `${field.parent?.name ?? ''}.${field.name}`;
  if (field.map) throw new Error(`${where}: maps have no generated form`);
  const kind = kindOf(field, where);
  const repeatable = kind === 'string' || kind === 'bytes' || kind === 'message' || kind === 'uint32' || kind === 'uint64';
  if (field.repeated && !repeatable) throw new Error(`${where}: repeated ${kind} has no generated form`);
  const group = field.partOf;
  // `optional` is a oneof of one member that the parser makes up.
  const oneof = group === null || group.name === `_${field.name}` ? '' : group.name;
  return {
    name: field.name,
    number: field.id,
    kind,
    typeName: field.resolvedType?.name ?? '',
    repeated: field.repeated,
    presence: !field.repeated && (kind === 'message' || group !== null),
    oneof,
    comment: field.comment ?? '',
  };
}

const SCALAR_KINDS: readonly string[] = [
  'uint32',
  'uint64',
  'sint64',
  'bool',
  'double',
  'fixed64',
  'string',
  'bytes',
] satisfies ScalarKind[];

function kindOf(field: protobuf.Field, where: string): FieldModel['kind'] {
  if (field.resolvedType instanceof protobuf.Type) return 'message';
  if (field.resolvedType instanceof protobuf.Enum) return 'enum';
  if (!isScalarKind(field.type)) throw new Error(`${where}: ${field.type} has no generated form`);
  return field.type;
}

function isScalarKind(type: string): type is ScalarKind {
  return SCALAR_KINDS.includes(type);
}

const WIRE_TYPES: Readonly<Record<FieldModel['kind'], number>> = {
  uint32: 0,
  uint64: 0,
  sint64: 0,
  bool: 0,
  enum: 0,
  fixed64: 1,
  double: 1,
  string: 2,
  bytes: 2,
  message: 2,
};

export function isLengthDelimited(field: FieldModel): boolean {
  return WIRE_TYPES[field.kind] === 2;
}

/** A repeated number: one run of bytes, or an entry at a time. */
export function isPacked(field: FieldModel): boolean {
  return field.repeated && WIRE_TYPES[field.kind] === 0;
}

export function tagNumber(field: FieldModel): number {
  return field.number * 8 + WIRE_TYPES[field.kind];
}

/** The tag's bytes. */
export function tagBytes(tag: number): readonly number[] {
  const bytes: number[] = [];
  let rest = tag;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `EventBatch` as `EVENT_BATCH`. */
export function upperSnake(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}

/** `EDGE_GONE` as `edgeGone`. */
export function camelCase(constant: string): string {
  return constant.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
