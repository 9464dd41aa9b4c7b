/**
 * Effects as one message of a topic partition: each event carries the control record that it is of and its number there,
 * so that the last message alone tells how far its source has come.
 */
import {
  batchHeaderSize,
  encodeEventPrefix,
  eventSize,
  writeBatchHeader,
  writeEventEntry,
  type BatchHeader,
} from '../../schemas/envelope.ts';
import { decodeEventBatch } from '../../schemas/gen/lean.ts';
import { TwinfoldError } from '../kernel/errors.ts';

/** Sequence of the control record, and number within it: ascending in the order of dispatch. */
export interface EffectPlace {
  readonly version: number;
  readonly index: number;
}

export interface PlacedEffect extends EffectPlace {
  /** An encoded `Event`. */
  readonly body: Uint8Array;
}

const NO_PAYLOAD = new Uint8Array(0);
/** The field's tag, and the number that writers leave out. */
const ZERO_INDEX = encodeEventPrefix({ effectIndex: 1 }).map((byte, at, all) => (at === all.length - 1 ? 0 : byte));

export function isBehind(place: EffectPlace, other: EffectPlace): boolean {
  return place.version === other.version ? place.index > other.index : place.version > other.version;
}

export function encodeEffects(
  effects: readonly PlacedEffect[],
  from: { readonly source: number; readonly edge: string; readonly openedMs: number },
): Uint8Array {
  const header: BatchHeader = { edgeEpoch: 0, counter: 0, edge: from.edge, openedMs: from.openedMs };
  const places = effects.map((effect) => encodePlace(from.source, effect));
  let size = batchHeaderSize(header);
  for (const [i, { body }] of effects.entries()) size += eventSize(body.length, places[i]?.length ?? 0, 0, 0);
  const bytes = new Uint8Array(size);
  let at = writeBatchHeader(bytes, 0, header);
  for (const [i, { body }] of effects.entries()) {
    at = writeEventEntry(bytes, at, { prefix: body, extra: places[i] ?? NO_PAYLOAD, payload: NO_PAYLOAD, start: 0, end: 0, receivedMs: 0 });
  }
  return bytes;
}

/** Of fields that stand twice in a message the last one counts, whatever the body says; so zero is written, too. */
function encodePlace(source: number, { index, version }: EffectPlace): Uint8Array {
  const place = encodeEventPrefix({ effectSource: `${source}`, effectVersion: version, effectIndex: index });
  return index === 0 ? Buffer.concat([place, ZERO_INDEX]) : place;
}

/** Of the last effect in the message. */
export function lastPlaceOf(data: Uint8Array): EffectPlace {
  const last = decodeEventBatch(data)?.events.at(-1);
  if (last === undefined)
    throw new TwinfoldError('corrupt', 'what was last dispatched can’t be read', { domain: 'external', retryable: false });
  return { version: last.effectVersion, index: last.effectIndex };
}
