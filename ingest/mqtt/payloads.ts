/**
 * What a PUBLISH of telemetry holds, as far as the edge looks: the format that it is said to have, whether it is one event,
 * and whether it may hold a token.
 */
import { Buffer } from 'node:buffer';
import { CONTENT_TYPE } from '../../schemas/envelope.ts';
import type { EventDraft } from '../message.ts';
import type { PublishDecoder } from './decode-publish.ts';
import type { Frame } from './framer.ts';
import { PROPERTY } from './properties.ts';
import { contentTypeOf, type DeclaredType } from './topics.ts';

const LETTER_K = 0x6b;
const LETTER_N = 0x6e;
const OPEN_ARRAY = 0x5b;
const SPACES: readonly (number | undefined)[] = [0x20, 0x0a, 0x0d, 0x09];
/** The tag of `TelemetryBatch.samples`, which a `TelemetrySample` has only where it names its device. */
const SAMPLES_TAG = 0x0a;

/** How far the word `token` may begin or end from a place, by the letter that stands there (Horspool's search). */
const TO_TOKEN_END = new Uint8Array(256).fill(5);
for (const [i, letter] of Buffer.from('toke').entries()) TO_TOKEN_END[letter] = 4 - i;

/** Whether the payload may hold a token, which is stripped before anything is stored: a look at every fifth byte of most. */
export function saysToken({ payload, start, end }: EventDraft): boolean {
  for (let i = start + 4; i < end; i += TO_TOKEN_END[payload[i] ?? 0] ?? 5) {
    if (payload[i] !== LETTER_N || payload[i - 1] !== 0x65 || payload[i - 2] !== LETTER_K) continue;
    if (payload[i - 3] === 0x6f && payload[i - 4] === 0x74) return true;
  }
  return false;
}

/** By the first byte that says something. What is neither one event nor several is the fold's to judge, as one. */
export function isOneEvent(declared: DeclaredType, buffer: Buffer, publish: PublishDecoder): boolean {
  let at = publish.payloadStart;
  switch (declared) {
    case 'lines':
      return false;
    case CONTENT_TYPE.protobuf:
      return buffer[at] !== SAMPLES_TAG || at === publish.payloadEnd;
    case CONTENT_TYPE.json:
      while (at < publish.payloadEnd && SPACES.includes(buffer[at])) at++;
      return buffer[at] !== OPEN_ARRAY || at === publish.payloadEnd;
    default:
      return true;
  }
}

/** By the Content Type property; JSON where there is none. */
export function declaredType(frame: Frame, publish: PublishDecoder): DeclaredType | undefined {
  const { properties } = publish;
  if (!properties.has(PROPERTY.CONTENT_TYPE)) return CONTENT_TYPE.json;
  const mediaType = frame.buffer.toString('latin1', properties.start(PROPERTY.CONTENT_TYPE), properties.stop(PROPERTY.CONTENT_TYPE));
  return mediaType === '' ? CONTENT_TYPE.json : contentTypeOf(mediaType);
}
