/**
 * A position names an event for ever: `<partition>.<stream sequence>.<index in batch>`. It is what an acknowledgement
 * returns, what a row carries and what a twin's leaf names as its cause.
 */

export interface Position {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
}

const POSITION = /^(0|[1-9]\d{0,4})\.([1-9]\d{0,15})\.(0|[1-9]\d{0,5})$/;

export function formatPosition(position: Position): string {
  return `${position.partition}.${position.seq}.${position.index}`;
}

/** The position, or undefined when the text is not one. */
export function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  if (match === null) return undefined;
  const [, partition, seq, index] = match;
  const position = { partition: Number(partition), seq: Number(seq), index: Number(index) };
  return Number.isSafeInteger(position.seq) ? position : undefined;
}

/** Negative when `a` comes before `b` in their partition's log; positions of different partitions have no order. */
export function comparePositions(a: Position, b: Position): number {
  return a.seq - b.seq || a.index - b.index;
}

/** More events than a batch holds. */
const INDEX_SPAN = 65_536;

/** Sequence and index as one number, ascending as they do; exact up to a sequence of 2^37. */
export function placeOf(seq: number, index: number): number {
  return seq * INDEX_SPAN + index;
}

export function seqOfPlace(place: number): number {
  return Math.floor(place / INDEX_SPAN);
}

export function indexOfPlace(place: number): number {
  return place % INDEX_SPAN;
}

/** What a QoS 2 message to a client goes by, as of `Outgoing` in session.proto. */
export function outgoingKey(one: {
  readonly partition: number;
  readonly place: number;
  readonly retained: boolean;
  readonly share: number;
}): string {
  const { partition, place, retained, share } = one;
  if (retained) return `${partition}/${place}/retained`;
  return share === 0 ? `${partition}/${place}` : `${partition}/${place}/${share}`;
}
