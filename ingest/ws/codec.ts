/**
 * Frames of `/ws`, in JSON and in CBOR: what a client says as a plain record, with its payload as the bytes of a telemetry
 * body, and what we say as one. JSON payloads keep their own text, so that no digit of a number is lost.
 */
import { decode, encode } from 'cborg';
import type { FeedItem } from '../feed/feed-item.ts';
import { itemText, itemValue } from '../feed/item-json.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Frame {
  readonly fields: Fields;
  /** The body of a telemetry frame; undefined: it has none. */
  readonly payload: Payload | undefined;
}

export interface Payload {
  readonly format: 'json' | 'protobuf';
  readonly bytes: Buffer;
}

export interface Codec {
  readonly protocol: string;
  /** Whether frames are binary ones. */
  readonly isBinary: boolean;
  /** Undefined: it is none. */
  read(bytes: Buffer): Frame | undefined;
  write(fields: Fields): string | Uint8Array;
  event(item: FeedItem, head: Fields): string | Uint8Array;
}

/** Deeper than any event may be, with the frame around it. */
const DEPTH_MAX = 16;

export const JSON_CODEC: Codec = {
  protocol: 'twinfold.v1.json',
  isBinary: false,
  read(bytes) {
    const text = bytes.toString('utf8');
    try {
      const fields: unknown = JSON.parse(text);
      if (!isFields(fields)) return undefined;
      const payload = 'payload' in fields ? payloadTextIn(text) : undefined;
      return { fields, payload: payload === undefined ? undefined : { format: 'json', bytes: Buffer.from(payload) } };
    } catch {
      return undefined;
    }
  },
  write: (fields) => JSON.stringify(fields),
  event: (item, head) => `${JSON.stringify(head).slice(0, -1)},${itemText(item).slice(1)}`,
};

/** A payload is any value, taken as JSON is, or a byte string: then it is a Protobuf TelemetryBatch. */
export const CBOR_CODEC: Codec = {
  protocol: 'twinfold.v1.cbor',
  isBinary: true,
  read(bytes) {
    try {
      const fields: unknown = decode(bytes, { rejectDuplicateMapKeys: true });
      if (!isFields(fields)) return undefined;
      const { payload } = fields;
      if (payload === undefined) return { fields, payload: undefined };
      if (payload instanceof Uint8Array) return { fields, payload: { format: 'protobuf', bytes: Buffer.from(payload) } };
      const text = jsonOf(payload, 0);
      return text === undefined ? undefined : { fields, payload: { format: 'json', bytes: Buffer.from(text) } };
    } catch {
      return undefined;
    }
  },
  write: (fields) => encode(fields),
  event: (item, head) => encode({ ...head, ...itemValue(item) }),
};

export const CODECS: readonly Codec[] = [JSON_CODEC, CBOR_CODEC];

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** JSON of what CBOR can say; undefined: it says something that JSON has no word for. */
function jsonOf(value: unknown, depth: number): string | undefined {
  if (depth > DEPTH_MAX) return undefined;
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : undefined;
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object': {
      if (value === null) return 'null';
      if (value instanceof Uint8Array) return undefined;
      const parts: (string | undefined)[] = Array.isArray(value)
        ? value.map((each: unknown) => jsonOf(each, depth + 1))
        : Object.entries(value).map(([name, each]) => {
            const text = jsonOf(each, depth + 1);
            return text === undefined ? undefined : `${JSON.stringify(name)}:${text}`;
          });
      if (parts.includes(undefined)) return undefined;
      return Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
    }
    default:
      return undefined;
  }
}

const QUOTE = '"';

/** The text of the last member `payload` of an object, which is known to be JSON: so structure alone is looked at. */
function payloadTextIn(text: string): string | undefined {
  let found: string | undefined;
  let at = text.indexOf('{') + 1;
  for (;;) {
    const keyStart = text.indexOf(QUOTE, at);
    if (keyStart < 0) return found;
    const keyEnd = stringEnd(text, keyStart);
    const valueStart = text.indexOf(':', keyEnd) + 1;
    const end = valueEnd(text, valueStart);
    if (JSON.parse(text.slice(keyStart, keyEnd)) === 'payload') found = text.slice(valueStart, end);
    if (text[end] !== ',') return found;
    at = end + 1;
  }
}

/** Past the closing quote. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== QUOTE) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Where the member ends: at the comma or the brace that is not within it. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const character = text[at];
    if (character === QUOTE) at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth--;
  }
}
