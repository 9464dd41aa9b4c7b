/** Puts the generated readers, records and writers together into one module, `gen/lean.ts`. */
import protobuf from 'protobufjs';
import { messagesOf } from './model.ts';
import { oneofConstants, readerOf } from './readers.ts';
import { decoderOf, enumConstants, recordOf } from './records.ts';
import { writerOf } from './writers.ts';

/** What of `wire.ts` generated code may use; only what is used is imported. */
const WIRE_NAMES = [
  'NO_NUMBERS',
  'NO_OFFSETS',
  'copyBytes',
  'cursor',
  'growNumbers',
  'growOffsets',
  'int64Exact',
  'int64Number',
  'readDouble',
  'readExactText',
  'readFixed32',
  'readShortVarint',
  'readVarint',
  'readZigzag',
  'sizeVarints',
  'skipField',
  'textSize',
  'uint64BigInt',
  'varintSize',
  'writeBytes',
  'writeDouble',
  'writeFixed64',
  'writeText',
  'writeVarint',
  'writeVarints',
  'writeZigzag',
  'zigzagSize',
];

const HEAD = `/**
 * Generated from the .proto files by \`npm run generate\`; never edited. A message X has a record \`X\`, its \`decodeX\`, the
 * record's loose form \`XInit\` with \`sizeX\`, \`writeX\` and \`encodeX\`, and for hot paths an \`XReader\` that allocates nothing.
 */`;

export function leanModule(root: protobuf.Root, namespace: string): string {
  const found = root.lookup(namespace);
  if (!(found instanceof protobuf.Namespace)) throw new Error(`no package ${namespace}`);
  const enums = found.nestedArray.filter((nested) => nested instanceof protobuf.Enum);
  const messages = messagesOf(found);
  const body = [
    ...enums.map((type) => enumConstants(type.name, type.values)),
    ...messages.flatMap(oneofConstants),
    ...messages.map((message) => [recordOf(message), readerOf(message), decoderOf(message), writerOf(message)].join('\n\n')),
  ].join('\n\n');
  const used = WIRE_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  return `${HEAD}\nimport {\n${used.map((name) => `  ${name},`).join('\n')}\n} from '../wire.ts';\n\n${body}\n`;
}
