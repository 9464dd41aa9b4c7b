/** What all simulated devices have in common, whatever they speak. */
import type { AckedAt } from './history.ts';
import type { SimulatedEvent } from './payload.ts';

/** Told of every attempt and what became of it; a history file, or counters. */
export interface Ledger {
  invoke(device: number, n: number): void;
  ok(device: number, n: number, at: AckedAt): void;
  fail(device: number, n: number): void;
  info(device: number, n: number): void;
}

/** What a device measures as its n-th event; asked again for a resend, and must answer the same. */
export type Measure = (device: number, n: number) => SimulatedEvent;

export interface DeviceFacts {
  /** The device's place in the history's list of devices. */
  readonly index: number;
  readonly name: string;
  readonly tenant: string;
  readonly token: string;
  readonly measure: Measure;
  readonly ledger: Ledger;
}

export interface DeviceCounts {
  connects: number;
  /** Connections that ended without the device's doing. */
  disconnects: number;
  /** Definite refusals of an event. */
  refusals: number;
  /** Requests or messages whose fate stayed unknown for a while. */
  unknowns: number;
}

export interface SimulatedDevice {
  readonly counts: DeviceCounts;
  start(): void;
  /** Measures once, and sends when the connection allows. */
  produce(): void;
  /** Measured and not yet acknowledged. */
  waiting(): number;
  /** Measurements that the full buffer made the device skip. */
  skipped(): number;
  /** Ends the connection and all timers. */
  stop(): void;
}

/** Doubling from the first wait to the last, with half of it left to chance so that a fleet doesn't come back in step. */
export class Backoff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #failures = 0;

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
  }

  nextMs(): number {
    const fullMs = Math.min(this.#lastMs, this.#firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return fullMs / 2 + (Math.random() * fullMs) / 2;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}

export const RECONNECT_FIRST_MS = 50;
/** Short enough that a fleet is back soon after a restart, long enough not to be the load itself. */
export const RECONNECT_LAST_MS = 2_000;

export function noCounts(): DeviceCounts {
  return { connects: 0, disconnects: 0, refusals: 0, unknowns: 0 };
}
