/**
 * The demonstration fleet's own bookkeeping against ClickHouse: which acknowledged events have their row, which have none
 * although a later one of the same device has (missing), which have two (double), and how far rows lag behind.
 *
 * Rows of a device appear in the order of its events, so an event is missing as soon as a later one is there; what is
 * merely on its way shows as lag. Recent events are asked for every second, the last days' now and then.
 */
import { textOf } from '../product/clickhouse.ts';
import type { ClickHouseReader } from '../product/clickhouse.ts';

export interface DeviceProgress {
  readonly name: string;
  /** Everything before this n is acknowledged. */
  readonly ackedBefore: number;
  /** When n was measured, if that is known. */
  readonly timeOf: (n: number) => number | undefined;
}

export interface Proof {
  readonly rows: number;
  readonly missing: number;
  readonly double: number;
  readonly lagMs: number;
}

interface Settled {
  /** Events up to here were counted for good. */
  through: number;
  rows: number;
  missing: number;
  double: number;
  /** When that was: later events were measured at most a little earlier. */
  atMs: number;
}

/** Longer than a device's whole buffer of unacknowledged events; bounds how far back ClickHouse has to look. */
const BEFORE_SETTLED_MS = 900_000;
const RECOUNT_EVERY_MS = 300_000;
/** A device's events that a recount looks at: a week at one event a second. */
const RECOUNT_EVENTS = 604_800;
/** Events of a device after which the oldest are settled. */
const OPEN_EVENTS_MAX = 60;
const ANSWER_MS = 5_000;

export class DemoProof {
  readonly #clickhouse: ClickHouseReader;
  readonly #boot: number;
  readonly #settled = new Map<string, Settled>();
  #recountedMs = Number.NEGATIVE_INFINITY;
  #counted: Omit<Proof, 'lagMs'> = { rows: 0, missing: 0, double: 0 };
  /** The last event of each device that was seen to have its row. */
  readonly #lastRow = new Map<string, number>();

  constructor(clickhouse: ClickHouseReader, boot: number) {
    this.#clickhouse = clickhouse;
    this.#boot = boot;
  }

  /** Asks ClickHouse; while it doesn't answer, the last figures stand and the lag grows. */
  async look(devices: readonly DeviceProgress[], nowMs: number): Promise<Proof> {
    try {
      const whole = nowMs - this.#recountedMs >= RECOUNT_EVERY_MS;
      if (whole) this.#settled.clear();
      await this.#count(devices, nowMs);
      if (whole) this.#recountedMs = nowMs;
    } catch {
      // ClickHouse is away, or not yet there: said by the lag.
    }
    return { ...this.#counted, lagMs: Math.max(0, ...devices.map((device) => this.#lagOf(device, nowMs))) };
  }

  /** Age of the oldest acknowledged event that waits for its row. */
  #lagOf({ ackedBefore, name, timeOf }: DeviceProgress, nowMs: number): number {
    const waiting = (this.#lastRow.get(name) ?? 0) + 1;
    const time = waiting < ackedBefore ? timeOf(waiting) : undefined;
    return time === undefined ? 0 : nowMs - time;
  }

  async #count(devices: readonly DeviceProgress[], nowMs: number): Promise<void> {
    const open = devices.map((device) => ({ device, settled: this.#open(device) }));
    const sinceMs = Math.max(0, Math.min(...open.map(({ settled }) => settled.atMs)) - BEFORE_SETTLED_MS);
    // Only acknowledged events are counted: one that wasn't owes nothing, even if a younger one has its row.
    const ranges = open.map(
      ({ device, settled }) => `(device = '${device.name}' AND device_seq > ${settled.through} AND device_seq < ${device.ackedBefore})`,
    );
    const rows = await this.#clickhouse.rows(
      `SELECT device, count(), uniqExact(device_seq), max(device_seq) FROM events
         WHERE tenant = 'demo' AND device IN (${devices.map(({ name }) => `'${name}'`).join(',')}) AND boot_id = ${this.#boot}
         AND outcome = 'accepted' AND event_time >= fromUnixTimestamp64Milli(${Math.floor(sinceMs)}) AND (${ranges.join(' OR ')}) GROUP BY device`,
      ANSWER_MS,
    );
    const found = new Map(
      rows.map(([device, count, unique, last]) => [textOf(device), { count: Number(count), unique: Number(unique), last: Number(last) }]),
    );
    const total = { rows: 0, missing: 0, double: 0 };
    for (const { device, settled } of open) {
      const seen = found.get(device.name) ?? { count: 0, unique: 0, last: settled.through };
      const missing = seen.last - settled.through - seen.unique;
      total.rows += settled.rows + seen.unique;
      total.missing += settled.missing + missing;
      total.double += settled.double + seen.count - seen.unique;
      this.#lastRow.set(device.name, seen.last);
      if (missing === 0 && seen.unique > OPEN_EVENTS_MAX) {
        const { double, missing: before, rows: counted } = settled;
        this.#settled.set(device.name, {
          through: seen.last,
          rows: counted + seen.unique,
          missing: before,
          double: double + seen.count - seen.unique,
          atMs: nowMs,
        });
      }
    }
    this.#counted = total;
  }

  #open(device: DeviceProgress): Settled {
    const settled = this.#settled.get(device.name);
    if (settled !== undefined) return settled;
    // Beyond the reach of a recount everything was found complete before, or its retention has passed.
    const through = Math.max(0, device.ackedBefore - 1 - RECOUNT_EVENTS);
    return { through, rows: through, missing: 0, double: 0, atMs: 0 };
  }
}
