/**
 * Generates the lean readers: one class a message whose `read` walks the bytes once and leaves numbers and offsets in
 * public fields. Nothing is allocated but the arrays of repeated fields, which grow and stay. Single-byte varints are
 * read in line, everything else by the functions of `wire.ts`.
 */
import { isLengthDelimited, isPacked, tagNumber, upperFirst, upperSnake } from './model.ts';
import type { FieldModel, MessageModel } from './model.ts';

const UINT32_MAX = '0xffffffff';
/** Enums are 32-bit signed on the wire; negative values are never assigned. */
const ENUM_MAX = '0x7fffffff';

export function readerOf(message: MessageModel): string {
  const lines = [
    `/** Reads \`${message.name}\`. Offsets point into the bytes that were read; fields that are absent hold their defaults. */`,
    `export class ${message.name}Reader {`,
    ...message.fields.flatMap(declarations),
    ...message.oneofs.map(
      (oneof) => `  /** ${upperSnake(message.name)}_${upperSnake(oneof.name)}: which member is set. */\n  ${oneof.name}Case = 0;`,
    ),
    '',
    '  /** Reads [start, end) and is false when that is malformed; then the fields mean nothing. */',
    '  read(bytes: Uint8Array, start: number, end: number): boolean {',
    '    if (!(start >= 0 && start <= end && end <= bytes.length)) return false;',
    ...resets(message).map((line) => `    ${line}`),
    '    let at = start;',
    '    while (at < end) {',
    '      const tagStart = at;',
    '      let tag = bytes[at++] as number;',
    '      if (tag >= 0x80) {',
    '        tag = readShortVarint(bytes, tagStart, end);',
    '        if (tag < 0) return false;',
    '        at = cursor.at;',
    '      }',
    '      switch (tag) {',
    ...message.fields.flatMap((field) => cases(message, field)).map((line) => `        ${line}`),
    '        default: {',
    ...knownFieldCheck(message).map((line) => `          ${line}`),
    '          at = skipField(bytes, tagStart, end);',
    '          if (at < 0) return false;',
    '        }',
    '      }',
    '    }',
    '    return true;',
    '  }',
    '}',
  ];
  return lines.join('\n');
}

/** The numbers by which a reader's `xCase` says which member of a oneof is set: the members' field numbers. */
export function oneofConstants(message: MessageModel): readonly string[] {
  return message.oneofs.map((oneof) => {
    const members = oneof.members.map((field) => `${field.name}: ${field.number}`);
    return `export const ${upperSnake(message.name)}_${upperSnake(oneof.name)} = { none: 0, ${members.join(', ')} } as const;`;
  });
}

function declarations(field: FieldModel): readonly string[] {
  const { name } = field;
  if (isPacked(field)) return [`  ${name} = NO_NUMBERS;`, `  ${name}Count = 0;`];
  if (field.repeated) return [`  ${name}Starts = NO_OFFSETS;`, `  ${name}Ends = NO_OFFSETS;`, `  ${name}Count = 0;`];
  const presence = hasFlag(field) ? [`  has${upperFirst(name)} = false;`] : [];
  return [...presence, ...valueNames(field).map(([slot, initial]) => `  ${slot} = ${initial};`)];
}

/** Whether absence shows in a `hasX`; a member of a oneof shows it in the oneof's case. */
function hasFlag(field: FieldModel): boolean {
  return field.presence && field.oneof === '';
}

function valueNames(field: FieldModel): readonly (readonly [name: string, initial: string])[] {
  const { name } = field;
  if (isLengthDelimited(field))
    return [
      [`${name}Start`, '0'],
      [`${name}End`, '0'],
    ];
  if (field.kind === 'fixed64')
    return [
      [`${name}Low`, '0'],
      [`${name}High`, '0'],
    ];
  if (field.kind === 'sint64')
    return [
      [name, '0'],
      [`${name}Low`, '0'],
      [`${name}High`, '0'],
    ];
  return [[name, field.kind === 'bool' ? 'false' : '0']];
}

function resets(message: MessageModel): readonly string[] {
  const fields = message.fields.flatMap((field) => {
    if (field.repeated) return [`this.${field.name}Count = 0;`];
    if (field.oneof !== '') return [];
    if (hasFlag(field)) {
      const values = valueNames(field).map(([slot, initial]) => `this.${slot} = ${initial};`);
      return [`this.has${upperFirst(field.name)} = false;`, ...values];
    }
    return valueNames(field).map(([slot, initial]) => `this.${slot} = ${initial};`);
  });
  return [...fields, ...message.oneofs.map((oneof) => `this.${oneof.name}Case = 0;`)];
}

/** A known field whose tag got past the cases has the wrong wire type. */
function knownFieldCheck(message: MessageModel): readonly string[] {
  const numbers = message.fields.map((field) => field.number);
  if (numbers.length === 0) return [];
  const ranges: string[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const first = numbers[i] ?? 0;
    while (numbers[i + 1] === (numbers[i] ?? 0) + 1) i++;
    const last = numbers[i] ?? 0;
    ranges.push(first === last ? `field === ${first}` : `(field >= ${first} && field <= ${last})`);
  }
  return ['const field = tag >>> 3;', `if (${ranges.join(' || ')}) return false;`];
}

function cases(message: MessageModel, field: FieldModel): readonly string[] {
  if (isPacked(field)) return packedCases(field);
  const body = isLengthDelimited(field) ? lengthDelimited(field) : scalar(field);
  return [
    `case ${tagNumber(field)}: {`,
    ...body.map((line) => `  ${line}`),
    ...mark(message, field).map((line) => `  ${line}`),
    '  break;',
    '}',
  ];
}

function mark(message: MessageModel, field: FieldModel): readonly string[] {
  if (field.repeated || !field.presence) return [];
  const oneof = message.oneofs.find((candidate) => candidate.name === field.oneof);
  return [oneof === undefined ? `this.has${upperFirst(field.name)} = true;` : `this.${oneof.name}Case = ${field.number};`];
}

const readLength: readonly string[] = [
  'if (at >= end) return false;',
  'let length = bytes[at++] as number;',
  'if (length >= 0x80) {',
  '  length = readShortVarint(bytes, at - 1, end);',
  '  if (length < 0) return false;',
  '  at = cursor.at;',
  '}',
  'if (length > end - at) return false;',
];

function lengthDelimited(field: FieldModel): readonly string[] {
  const { name } = field;
  if (field.repeated) {
    return [
      ...readLength,
      `const count = this.${name}Count;`,
      `if (count === this.${name}Starts.length) {`,
      `  this.${name}Starts = growOffsets(this.${name}Starts);`,
      `  this.${name}Ends = growOffsets(this.${name}Ends);`,
      '}',
      `this.${name}Starts[count] = at;`,
      'at += length;',
      `this.${name}Ends[count] = at;`,
      `this.${name}Count = count + 1;`,
    ];
  }
  // Protobuf would merge a message that comes twice; no writer does that, and two spans can't be held in one.
  const twice = field.oneof === '' ? `this.has${upperFirst(name)}` : `this.${field.oneof}Case === ${field.number}`;
  const once = field.kind === 'message' ? [`if (${twice}) return false;`] : [];
  return [...once, ...readLength, `this.${name}Start = at;`, 'at += length;', `this.${name}End = at;`];
}

const readNumber: readonly string[] = [
  'if (at >= end) return false;',
  'let value = bytes[at++] as number;',
  'if (value >= 0x80) {',
  '  value = readVarint(bytes, at - 1, end);',
  '  if (value < 0) return false;',
  '  at = cursor.at;',
  '}',
];

function rangeCheck(field: FieldModel): readonly string[] {
  if (field.kind === 'uint32') return [`if (value > ${UINT32_MAX}) return false;`];
  return field.kind === 'enum' ? [`if (value > ${ENUM_MAX}) return false;`] : [];
}

function scalar(field: FieldModel): readonly string[] {
  const { name } = field;
  switch (field.kind) {
    case 'double':
      return ['if (end - at < 8) return false;', `this.${name} = readDouble(bytes, at);`, 'at += 8;'];
    case 'fixed64':
      return [
        'if (end - at < 8) return false;',
        `this.${name}Low = readFixed32(bytes, at);`,
        `this.${name}High = readFixed32(bytes, at + 4);`,
        'at += 8;',
      ];
    case 'sint64':
      return [
        'if (!readZigzag(bytes, at, end)) return false;',
        `this.${name}Low = cursor.low;`,
        `this.${name}High = cursor.high;`,
        `this.${name} = int64Number(cursor.low, cursor.high);`,
        'at = cursor.at;',
      ];
    case 'bool':
      return [...readNumber, `this.${name} = value !== 0;`];
    default:
      return [...readNumber, ...rangeCheck(field), `this.${name} = value;`];
  }
}

function packedCases(field: FieldModel): readonly string[] {
  const push = [
    ...rangeCheck(field),
    `const count = this.${field.name}Count;`,
    `if (count === this.${field.name}.length) this.${field.name} = growNumbers(this.${field.name});`,
    `this.${field.name}[count] = value;`,
    `this.${field.name}Count = count + 1;`,
  ];
  // Inside a run, no number may reach beyond the run.
  const readInRun = readNumber.map((line) => line.replaceAll('end', 'runEnd'));
  return [
    `case ${field.number * 8}: {`,
    ...[...readNumber, ...push, 'break;'].map((line) => `  ${line}`),
    '}',
    `case ${field.number * 8 + 2}: {`,
    ...readLength.map((line) => `  ${line}`),
    '  const runEnd = at + length;',
    '  while (at < runEnd) {',
    ...[...readInRun, ...push].map((line) => `    ${line}`),
    '  }',
    '  break;',
    '}',
  ];
}
