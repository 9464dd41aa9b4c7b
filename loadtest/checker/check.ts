/**
 * The verdict on a run: holds the devices' history against the log, the control log, the rows and the twins. Partition by
 * partition, in the log's order, by merging; so memory is bounded by the devices, not by the events.
 */
import { bootOf, columnsOf, eventOf } from '../simulator/payload.ts';
import type { SimulatedEvent } from '../simulator/payload.ts';
import { ControlView } from './control.ts';
import { comparePlaces, placeText } from './facts.ts';
import type { ControlFact, LoggedEvent, Place, RecordedRow, TwinLeaves } from './facts.ts';
import { differences, LatestFold } from './latest.ts';
import { NumberSet } from './obligations.ts';
import type { Obligations, PlacedAck } from './obligations.ts';
import { Report } from './report.ts';

export interface PartitionFacts {
  readonly partition: number;
  /** The oldest message still in the log; rows of older ones can't be held against it. */
  readonly firstSeq: number;
  readonly events: AsyncIterable<LoggedEvent> | Iterable<LoggedEvent>;
  readonly control: AsyncIterable<ControlFact> | Iterable<ControlFact>;
  /** What the product reported as lost, beyond what its control log still says. */
  readonly lost?: readonly LostRange[];
  /** Ordered by sequence, index and item. */
  readonly rows: AsyncIterable<RecordedRow> | Iterable<RecordedRow>;
}

interface DeviceSeen {
  readonly accepted: NumberSet;
  readonly inLog: NumberSet;
  lastAccepted: number;
  /** Where its events are; -1 until one was seen. */
  partition: number;
  /** Some of its events are in what the product reported as lost: its twin may or may not show them. */
  touchedByLoss: boolean;
}

/** A range of a partition's log that the product reported as gone: after `keptSeq`, before `resumedSeq`. */
export interface LostRange {
  readonly partition: number;
  readonly keptSeq: number;
  readonly resumedSeq: number;
}

/** What is known of the partition being read. */
interface Context {
  readonly partition: number;
  readonly firstSeq: number;
  readonly control: ControlView;
  readonly lost: readonly LostRange[];
}

export class Checker {
  readonly report = new Report();
  readonly lost: LostRange[] = [];
  readonly #obligations: Obligations;
  readonly #fold = new LatestFold();
  readonly #seen: readonly DeviceSeen[];
  /** Partitions whose log doesn't reach back to its beginning. */
  readonly #cutOff = new Set<number>();

  constructor(obligations: Obligations) {
    this.#obligations = obligations;
    this.#seen = obligations.devices.map(() => ({
      accepted: new NumberSet(),
      inLog: new NumberSet(),
      lastAccepted: 0,
      partition: -1,
      touchedByLoss: false,
    }));
  }

  async partition(facts: PartitionFacts): Promise<void> {
    const { firstSeq, partition } = facts;
    if (firstSeq > 1) this.#cutOff.add(partition);
    const control = new ControlView(partition, this.report);
    for await (const fact of facts.control) control.take(fact);
    const recorded = control.repairs.map(({ keptSeq, resumedSeq }) => ({ partition, keptSeq, resumedSeq }));
    const lost = [...recorded, ...(facts.lost ?? []).filter((told) => !recorded.some(({ resumedSeq }) => resumedSeq === told.resumedSeq))];
    for (const one of lost) this.lost.push(one);
    const context: Context = { partition, firstSeq, control, lost };
    const acks = new AckCursor(this.#obligations.placedIn(partition));
    const rows = iteratorOf(facts.rows);
    let row = await nextOf(rows);
    let previous: RecordedRow | undefined;
    // Rows up to and including a place are taken before the next event of the log is looked at.
    const takeRow = async (event: LoggedEvent | undefined): Promise<void> => {
      if (row === undefined) return;
      if (previous !== undefined && comparePlaces(previous, row) === 0 && previous.item === row.item) {
        const twice = row;
        this.report.violate('double', () => `row ${placeText(twice)} item ${twice.item} is there twice`);
      } else {
        this.#row(row, event, context);
        acks.meet(row, (ack, why) => this.#unmet(ack, why, context), this.#obligations);
      }
      previous = row;
      row = await nextOf(rows);
    };
    for await (const event of facts.events) {
      while (row !== undefined && comparePlaces(row, event) < 0) await takeRow(undefined);
      this.#event(event);
      if (row === undefined || comparePlaces(row, event) > 0) {
        this.report.violate('unaccounted', () => `log event ${placeText(event)} of ${event.tenant}/${event.device} has no row`);
        continue;
      }
      while (row !== undefined && comparePlaces(row, event) === 0) await takeRow(event);
    }
    while (row !== undefined) await takeRow(undefined);
    acks.end((ack, why) => this.#unmet(ack, why, context));
  }

  /** Holds a device's twin, as the product tells it, against the fold. Call after all partitions. */
  twin(device: string, actual: TwinLeaves | undefined): void {
    const number = this.#obligations.numberOf(device);
    if (number !== undefined && this.#seen[number]?.touchedByLoss === true) return;
    const found = differences(this.#fold.leaves(device), actual);
    if (found.length > 0) this.report.violate('twinMismatch', () => `${device}: ${found[0] ?? ''}`);
  }

  /** The verdict on what was acknowledged. Call last. */
  finish(): Report {
    const { findings } = this.report;
    findings.acked = this.#obligations.acked;
    for (const [number, device] of this.#obligations.devices.entries()) {
      const seen = this.#seen[number];
      const name = this.#obligations.head.devices[number] ?? '';
      if (seen === undefined) continue;
      findings.inLog += seen.inLog.size;
      // An acknowledgement without a position can't be placed, so a reported loss in its partition excuses it.
      const lossHere = this.lost.some(({ partition }) => partition === seen.partition);
      const whole = !this.#cutOff.has(seen.partition);
      for (const n of device.acked.values()) {
        if (!seen.accepted.has(n)) {
          if (lossHere) findings.lostReported += 1;
          else this.report.violate('missing', () => `${name} n=${n} was acknowledged and is not accepted in ClickHouse`);
        } else if (whole && !seen.inLog.has(n)) {
          this.report.violate('missing', () => `${name} n=${n} was acknowledged and is not in the log`);
        }
      }
      for (const n of device.unknown.values()) if (seen.inLog.has(n)) findings.unknownResolved += 1;
    }
    return this.report;
  }

  #event(event: LoggedEvent): void {
    if (event.tenant !== this.#obligations.head.tenant || !event.telemetry) return;
    const number = this.#obligations.numberOf(event.device);
    const { sample } = event;
    if (number === undefined || sample === undefined || this.#obligations.devices[number]?.attempted.has(sample.n) !== true) {
      this.report.violate('unexpected', () => `log event ${placeText(event)} of ${event.device} n=${sample?.n ?? '?'} was never sent`);
      return;
    }
    const seen = this.#seen[number];
    if (seen !== undefined) {
      seen.inLog.add(sample.n);
      seen.partition = event.partition;
    }
    const wrong = sampleDifference(eventOf(this.#obligations.head.plan, number, sample.n), sample);
    if (wrong !== undefined) this.report.violate('wrongContent', () => `log event ${placeText(event)} of ${event.device}: ${wrong}`);
  }

  #row(row: RecordedRow, event: LoggedEvent | undefined, context: Context): void {
    const { head } = this.#obligations;
    const { control, firstSeq, lost } = context;
    if (control.covers(row.seq) && row.item === 0) {
      const decided = control.outcomeOf(row);
      if (decided !== row.outcome)
        this.report.violate('controlMismatch', () => `row ${placeText(row)} is ${row.outcome}, the control log says ${decided}`);
    }
    if (row.tenant !== head.tenant || (event !== undefined && !event.telemetry)) return;
    this.report.findings.rows += 1;
    const number = this.#obligations.numberOf(row.device);
    const seen = number === undefined ? undefined : this.#seen[number];
    if (number === undefined || seen === undefined) {
      this.report.violate('unexpected', () => `row ${placeText(row)} of ${row.device} was never sent`);
      return;
    }
    const gone = lost.some((range) => isLost(row, range));
    seen.partition = row.partition;
    if (gone) seen.touchedByLoss = true;
    if (row.outcome !== 'accepted') return;
    const mustBeLogged = row.seq >= firstSeq && !gone;
    if (this.#obligations.devices[number]?.attempted.has(row.n) !== true || (mustBeLogged && event === undefined)) {
      this.report.violate(
        'unexpected',
        () => `row ${placeText(row)} of ${row.device} n=${row.n} ${event === undefined ? 'is not in the log' : 'was never sent'}`,
      );
    }
    if (!seen.accepted.add(row.n)) this.report.violate('double', () => `${row.device} n=${row.n} is accepted again at ${placeText(row)}`);
    this.#order(row, number, seen);
    const expected = eventOf(head.plan, number, row.n);
    const wrong = rowDifference(expected, bootOf(head.plan, number, row.n), row);
    if (wrong !== undefined) this.report.violate('wrongContent', () => `row ${placeText(row)} of ${row.device} n=${row.n}: ${wrong}`);
    this.#fold.accept(row.device, event?.sample ?? expected, row);
  }

  /** A position was acknowledged, and isn't what was acknowledged. */
  #unmet(ack: PlacedAck, why: string, context: Context): void {
    if (!context.lost.some((range) => isLost(ack.at, range))) {
      const name = this.#obligations.head.devices[ack.device] ?? '';
      this.report.violate('missing', () => `position ${placeText(ack.at)}, acknowledged for ${name} n=${ack.n}, ${why}`);
      return;
    }
    const seen = this.#seen[ack.device];
    if (seen !== undefined) {
      seen.touchedByLoss = true;
      seen.partition = context.partition;
    }
  }

  #order(row: RecordedRow, number: number, seen: DeviceSeen): void {
    const refused = this.#obligations.devices[number]?.refused.has(row.n) === true;
    if (row.n < seen.lastAccepted && !refused) {
      const last = seen.lastAccepted;
      this.report.violate('outOfOrder', () => `${row.device} n=${row.n} at ${placeText(row)} stands behind n=${last}`);
    }
    seen.lastAccepted = Math.max(seen.lastAccepted, row.n);
  }
}

export function isLost(place: Place, range: LostRange): boolean {
  return place.partition === range.partition && place.seq > range.keptSeq && place.seq < range.resumedSeq;
}

type OnUnmet = (ack: PlacedAck, why: string) => void;

/** Walks along the positions that acknowledgements named: each must hold the event it was given for. */
class AckCursor {
  readonly #acks: readonly PlacedAck[];
  #at = 0;

  constructor(acks: readonly PlacedAck[]) {
    this.#acks = acks;
  }

  meet(row: RecordedRow, onUnmet: OnUnmet, obligations: Obligations): void {
    this.#passUntil(row, onUnmet);
    for (let ack = this.#acks[this.#at]; ack !== undefined && comparePlaces(ack.at, row) === 0; ack = this.#acks[++this.#at]) {
      // A batch that was sent again is not decoded again: its events are known by their originals.
      const undecoded = row.reason === 'resent-batch';
      const same = obligations.numberOf(row.device) === ack.device && (undecoded || row.n === ack.n);
      if (!same) onUnmet(ack, `is ${row.device} n=${row.n}`);
    }
  }

  end(onUnmet: OnUnmet): void {
    this.#passUntil(undefined, onUnmet);
  }

  /** Acknowledged positions that no row has. */
  #passUntil(row: RecordedRow | undefined, onUnmet: OnUnmet): void {
    for (
      let ack = this.#acks[this.#at];
      ack !== undefined && (row === undefined || comparePlaces(ack.at, row) < 0);
      ack = this.#acks[++this.#at]
    ) {
      onUnmet(ack, 'has no row');
    }
  }
}

function sampleDifference(expected: SimulatedEvent, sample: NonNullable<LoggedEvent['sample']>): string | undefined {
  if (sample.boot !== expected.boot) return `boot ${sample.boot} instead of ${expected.boot}`;
  if (sample.tsMs !== expected.tsMs) return `time ${sample.tsMs} instead of ${expected.tsMs}`;
  return recordDifference(expected.metrics, sample.metrics);
}

function rowDifference(expected: SimulatedEvent, boot: number, row: RecordedRow): string | undefined {
  const columns = columnsOf(expected);
  if (row.boot !== boot) return `boot ${row.boot} instead of ${boot}`;
  if (row.eventMs !== expected.tsMs) return `time ${row.eventMs} instead of ${expected.tsMs}`;
  return (
    recordDifference(Object.fromEntries(columns.metrics), row.metrics) ?? recordDifference(Object.fromEntries(columns.attrs), row.attrs)
  );
}

function recordDifference(expected: Readonly<Record<string, unknown>>, actual: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (expected[name] !== actual[name]) return `${name} is ${String(actual[name])} instead of ${String(expected[name])}`;
  }
  return undefined;
}

type AnyIterator<T> = AsyncIterator<T> | Iterator<T>;

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>): AnyIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

async function nextOf<T>(items: AnyIterator<T>): Promise<T | undefined> {
  const step = await items.next();
  return step.done === true ? undefined : step.value;
}
