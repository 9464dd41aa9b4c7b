/**
 * What the wire and JSON forms of the messages promise, reduced to what must not change, and the comparison of two such
 * promises: what was released once is read for years.
 */
import protobuf from 'protobufjs';

export interface FieldDescriptor {
  readonly name: string;
  readonly jsonName: string;
  readonly type: string;
  readonly label: 'implicit' | 'optional' | 'repeated';
  /** The oneof that it belongs to, empty for none. */
  readonly oneof: string;
}

export interface MessageDescriptor {
  readonly fields: Readonly<Record<string, FieldDescriptor>>;
  /** Field numbers that must not be used again, as inclusive ranges. */
  readonly reserved: readonly (readonly [first: number, last: number])[];
}

export interface EnumDescriptor {
  readonly values: Readonly<Record<string, number>>;
  readonly reserved: readonly (readonly [first: number, last: number])[];
}

export interface SchemaDescriptor {
  readonly package: string;
  readonly messages: Readonly<Record<string, MessageDescriptor>>;
  readonly enums: Readonly<Record<string, EnumDescriptor>>;
}

export function describe(root: protobuf.Root, namespace: string): SchemaDescriptor {
  const found = root.lookup(namespace);
  if (!(found instanceof protobuf.Namespace)) throw new Error(`no package ${namespace}`);
  const messages: Record<string, MessageDescriptor> = {};
  const enums: Record<string, EnumDescriptor> = {};
  for (const nested of found.nestedArray) {
    if (nested instanceof protobuf.Type) messages[nested.name] = describeMessage(nested);
    else if (nested instanceof protobuf.Enum) enums[nested.name] = { values: { ...nested.values }, reserved: rangesOf(nested.reserved) };
  }
  return { package: namespace, messages, enums };
}

function describeMessage(type: protobuf.Type): MessageDescriptor {
  const fields: Record<string, FieldDescriptor> = {};
  for (const field of type.fieldsArray) fields[String(field.id)] = describeField(field);
  return { fields, reserved: rangesOf(type.reserved) };
}

function describeField(field: protobuf.Field): FieldDescriptor {
  field.resolve();
  const group = field.partOf?.name ?? '';
  const madeUp = group === `_${field.name}`;
  const jsonName: unknown = field.options?.['json_name'];
  return {
    name: field.name,
    jsonName: typeof jsonName === 'string' ? jsonName : field.name,
    type: field.resolvedType?.name ?? field.type,
    label: field.repeated ? 'repeated' : madeUp ? 'optional' : 'implicit',
    oneof: madeUp ? '' : group,
  };
}

function rangesOf(reserved: readonly (readonly number[] | string)[] | null | undefined): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (const entry of reserved ?? []) {
    if (typeof entry === 'string') continue;
    const [first, last] = entry;
    if (first !== undefined) ranges.push([first, last ?? first]);
  }
  return ranges;
}

/** Every way in which `now` breaks what `released` promised, in words; empty when it doesn't. Additions are no breaks. */
export function breakingChanges(released: SchemaDescriptor, now: SchemaDescriptor): readonly string[] {
  const breaks: string[] = [];
  if (released.package !== now.package) breaks.push(`package ${released.package} became ${now.package}`);
  for (const [name, message] of Object.entries(released.messages)) {
    const current = now.messages[name];
    if (current === undefined) breaks.push(`message ${name} is gone`);
    else breaks.push(...messageBreaks(name, message, current));
  }
  for (const [name, type] of Object.entries(released.enums)) {
    const current = now.enums[name];
    if (current === undefined) breaks.push(`enum ${name} is gone`);
    else breaks.push(...enumBreaks(name, type, current));
  }
  return breaks;
}

function messageBreaks(name: string, released: MessageDescriptor, now: MessageDescriptor): readonly string[] {
  const breaks: string[] = [];
  for (const [number, field] of Object.entries(released.fields)) {
    const current = now.fields[number];
    if (current !== undefined) breaks.push(...fieldBreaks(`${name}.${field.name} (${number})`, field, current));
    else if (!isReserved(Number(number), now.reserved))
      breaks.push(`${name}.${field.name} (${number}) is gone and its number not reserved`);
  }
  for (const [first, last] of released.reserved) {
    const reused = Object.keys(now.fields)
      .map(Number)
      .find((number) => number >= first && number <= last);
    if (reused !== undefined) breaks.push(`${name}: the reserved number ${reused} is used again`);
    else if (!isReserved(first, now.reserved) || !isReserved(last, now.reserved))
      breaks.push(`${name}: ${first} to ${last} is no longer reserved`);
  }
  return breaks;
}

function fieldBreaks(where: string, released: FieldDescriptor, now: FieldDescriptor): readonly string[] {
  const facts = ['name', 'jsonName', 'type', 'label', 'oneof'] as const;
  return facts
    .filter((fact) => released[fact] !== now[fact])
    .map((fact) => `${where}: ${fact} was '${released[fact]}', now '${now[fact]}'`);
}

function enumBreaks(name: string, released: EnumDescriptor, now: EnumDescriptor): readonly string[] {
  const breaks: string[] = [];
  for (const [key, value] of Object.entries(released.values)) {
    const current = now.values[key];
    if (current === undefined && !isReserved(value, now.reserved))
      breaks.push(`${name}.${key} (${value}) is gone and its number not reserved`);
    else if (current !== undefined && current !== value) breaks.push(`${name}.${key} was ${value}, now ${current}`);
  }
  for (const [key, value] of Object.entries(now.values)) {
    const before = Object.entries(released.values).find(([, number]) => number === value);
    if (before !== undefined && before[0] !== key) breaks.push(`${name}: ${value} was ${before[0]}, now ${key}`);
    if (isReserved(value, released.reserved)) breaks.push(`${name}: the reserved number ${value} is used again`);
  }
  return breaks;
}

function isReserved(number: number, ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.some(([first, last]) => number >= first && number <= last);
}
