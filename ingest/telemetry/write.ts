/**
 * One request's events on their way into the log: offered so that what belongs together stays together, held back while
 * lanes are full, and settled into the positions that the answer names.
 *
 * Events of one device lie in one batch, in their order: a device's events are one unit, offered in one synchronous run
 * when the lane has room for all of them. Where a partition's whole share is small, the share is one unit. Lines are a
 * stream, however they come: what one device has of them beyond a unit's size begins another unit, behind the first.
 */
import { assert } from '../../engine/kernel/assert.ts';
import { TOGETHER_BYTES_MAX } from '../../engine/kernel/limits.ts';
import { idIn } from '../registry/device-entries.ts';
import type { EventList } from './event-list.ts';
import type { EventDraft, Intake, IntakeFailure, Receipt } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** A stream that touches more batches than this is told its last positions only. */
const RANGES_MAX = 1_000;

/** Consecutive events of one batch. */
export interface PositionRange {
  readonly partition: number;
  readonly seq: number;
  readonly first: number;
  last: number;
}

export interface TelemetryWriteOptions {
  /** Somebody will ask where each event is. */
  readonly keepPositions: boolean;
  /** The events are a stream of lines: those of one device needn't lie in one batch. */
  readonly isStream: boolean;
  /** Whose turn it is when lanes are full. */
  readonly tenant?: string | undefined;
  /** Called, on a later turn than the call that caused it, when all is offered or all is settled. */
  readonly onChange: () => void;
}

interface Unit {
  readonly list: EventList;
  /** How many events the request had before this list. */
  readonly base: number;
  /** Undefined where the unit is everything of the list that belongs to the partition. */
  readonly events: readonly number[] | undefined;
  readonly bytes: number;
}

/** One draft for all offers: the intake copies out of it. */
const draft: EventDraft = {
  partition: 0,
  prefix: new Uint8Array(0),
  prefixStart: 0,
  prefixEnd: 0,
  extra: new Uint8Array(0),
  payload: new Uint8Array(0),
  start: 0,
  end: 0,
  receivedMs: 0,
  urgent: false,
};

export class TelemetryWrite implements Receipt {
  /** Events that the log has. */
  storedCount = 0;
  failure: IntakeFailure | undefined;
  readonly ranges: PositionRange[] = [];
  /** Ranges were left out, because there were too many. */
  rangesCut = false;
  /** Where each event is, in the order of the request, if it was asked for. */
  positions: { readonly partition: number; readonly seq: number; readonly index: number }[] | undefined;

  readonly #intake: Intake;
  readonly #isStream: boolean;
  readonly #onChange: () => void;
  readonly #tenant: string | undefined;
  readonly #lastRanges: (PositionRange | undefined)[] = [];
  readonly #queues = new Map<number, Unit[]>();
  /** Events of all lists. */
  #added = 0;
  #offered = 0;
  #settled = 0;
  #isAbandoned = false;

  constructor(intake: Intake, options: TelemetryWriteOptions) {
    this.#intake = intake;
    this.#isStream = options.isStream;
    this.#onChange = options.onChange;
    this.#tenant = options.tenant;
    this.positions = options.keepPositions ? [] : undefined;
  }

  /** Nothing is held back. */
  get isOffered(): boolean {
    return this.#queues.size === 0;
  }

  get isSettled(): boolean {
    return this.#queues.size === 0 && this.#settled === this.#offered;
  }

  get offeredCount(): number {
    return this.#offered;
  }

  /** Some of it may be in the log, or get there. */
  get isBegun(): boolean {
    return this.#offered > 0;
  }

  /**
   * Offers the events, now if the lanes have room, else bit by bit as they get it. Refuses without offering any when what
   * belongs together is too large. Called again only when everything before was offered.
   */
  add(list: EventList): Refusal | undefined {
    assert(this.isOffered, 'nothing is added while something is held back');
    const { shares } = list;
    let isSmall = true;
    let fitsNow = true;
    for (let partition = 0; partition < shares.length; partition++) {
      const bytes = shares[partition] ?? 0;
      if (bytes === 0) continue;
      if (bytes > TOGETHER_BYTES_MAX) isSmall = false;
      if (fitsNow && !this.#intake.hasRoom(partition, bytes)) fitsNow = false;
    }
    const base = this.#added;
    this.#added += list.count;
    if (isSmall && fitsNow) {
      for (let i = 0; i < list.count; i++) if (!this.#offer(list, base, i)) break;
      return undefined;
    }
    const units = isSmall ? wholeShares(list, base) : unitsByDevice(list, base, this.#isStream);
    if ('code' in units) return units;
    for (const { partition, unit } of units) {
      const queue = this.#queues.get(partition);
      if (queue === undefined) this.#queues.set(partition, [unit]);
      else queue.push(unit);
    }
    for (const partition of this.#queues.keys()) this.#pump(partition);
    return undefined;
  }

  /** Whether all of it would be offered at once. */
  fits(list: EventList): boolean {
    for (const [partition, bytes] of list.shares.entries()) {
      if (bytes > 0 && (bytes > TOGETHER_BYTES_MAX || !this.#intake.hasRoom(partition, bytes))) return false;
    }
    return true;
  }

  /** From now on only ranges are kept: their number has a limit, that of the events has none. */
  forgetPositions(): void {
    this.positions = undefined;
  }

  /** Offers nothing more; what was offered is settled all the same. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#queues.clear();
  }

  stored(tag: number, seq: number, index: number): void {
    const partition = tag % this.#intake.partitions;
    this.storedCount++;
    if (this.positions !== undefined) this.positions[(tag - partition) / this.#intake.partitions] = { partition, seq, index };
    const range = this.#lastRanges[partition];
    if (range !== undefined && range.seq === seq && range.last === index - 1) range.last = index;
    else this.#begin({ partition, seq, first: index, last: index });
    this.#settleOne();
  }

  failed(_tag: number, failure: IntakeFailure): void {
    this.failure ??= failure;
    this.#settleOne();
  }

  #begin(range: PositionRange): void {
    this.#lastRanges[range.partition] = range;
    if (this.ranges.length >= RANGES_MAX) {
      this.rangesCut = true;
      this.ranges.splice(0, RANGES_MAX / 2);
    }
    this.ranges.push(range);
  }

  #settleOne(): void {
    this.#settled++;
    if (this.isSettled) this.#onChange();
  }

  #offer(list: EventList, base: number, i: number): boolean {
    const payload = list.payloads[i];
    if (payload === undefined) return false;
    const partition = list.partitionOf(i);
    draft.partition = partition;
    draft.prefix = list.entries;
    draft.prefixStart = list.prefixStartOf(i);
    draft.prefixEnd = draft.prefixStart + list.prefixLengthOf(i);
    draft.extra = list.extra;
    draft.payload = payload;
    draft.start = list.starts[i] ?? 0;
    draft.end = list.ends[i] ?? 0;
    draft.receivedMs = list.receivedMs;
    if (!this.#intake.offer(draft, this, (base + i) * this.#intake.partitions + partition)) {
      // There was room a moment ago, so the intake takes nothing any more.
      this.failure ??= { code: 'draining', retryAfterMs: 1_000 };
      return false;
    }
    this.#offered++;
    return true;
  }

  #pump(partition: number): void {
    const queue = this.#queues.get(partition);
    while (queue !== undefined && !this.#isAbandoned) {
      const unit = queue[0];
      if (unit === undefined) break;
      if (!this.#intake.hasRoom(partition, unit.bytes)) {
        const goOn = (): void => {
          this.#pump(partition);
          if (this.isOffered && !this.#isAbandoned) this.#onChange();
        };
        this.#intake.whenRoom(partition, goOn, this.#tenant);
        return;
      }
      queue.shift();
      this.#offerUnit(unit, partition);
    }
    this.#queues.delete(partition);
  }

  #offerUnit(unit: Unit, partition: number): void {
    if (unit.events !== undefined) {
      for (const i of unit.events) if (!this.#offer(unit.list, unit.base, i)) return;
      return;
    }
    for (let i = 0; i < unit.list.count; i++) {
      if (unit.list.partitionOf(i) === partition && !this.#offer(unit.list, unit.base, i)) return;
    }
  }
}

interface Placed {
  readonly partition: number;
  readonly unit: Unit;
}

function wholeShares(list: EventList, base: number): readonly Placed[] {
  return list.shares.flatMap((bytes, partition) => (bytes === 0 ? [] : [{ partition, unit: { list, base, events: undefined, bytes } }]));
}

function unitsByDevice(list: EventList, base: number, isStream: boolean): readonly Placed[] | Refusal {
  const units: { readonly partition: number; readonly events: number[]; bytes: number }[] = [];
  /** The last unit of each device. */
  const open = new Map<number, (typeof units)[number]>();
  for (const [i, device] of list.devices.entries()) {
    const bytes = list.bytesOf(i);
    const last = open.get(device);
    const isFull = last !== undefined && last.bytes + bytes > TOGETHER_BYTES_MAX;
    if (isFull && !isStream) {
      return refusal(
        'too-large',
        `the events of one device in one request have at most ${TOGETHER_BYTES_MAX} bytes together; ${idIn(list.entries, device)} has more: send fewer at once, or lines (application/x-ndjson)`,
        { limit: 'together-bytes' },
      );
    }
    if (last !== undefined && !isFull) {
      last.events.push(i);
      last.bytes += bytes;
      continue;
    }
    const unit = { partition: list.partitionOf(i), events: [i], bytes };
    open.set(device, unit);
    units.push(unit);
  }
  return units.map(({ partition, events, bytes }) => ({ partition, unit: { list, base, events, bytes } }));
}
