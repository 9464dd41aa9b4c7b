/**
 * What a good device keeps until it is acknowledged: a bounded run of events in order, a window of them on the wire, and
 * after a lost connection everything unacknowledged once more, oldest first.
 */

export interface OutboxLimits {
  /** Events kept at most; beyond it the device measures no more until there is room. */
  readonly keptMax: number;
  /** Events on the wire at most. Below 64, the window in which the product recognises a device's retries. */
  readonly windowMax: number;
}

export class Outbox {
  readonly #limits: OutboxLimits;
  /** Oldest event that isn't acknowledged; all before it are. */
  #low: number;
  /** Next event to put on the wire. */
  #next: number;
  /** Next event to be measured. */
  #high: number;
  /** First event that was never on the wire. */
  #fresh: number;
  readonly #ackedAhead = new Set<number>();
  #skipped = 0;

  constructor(limits: OutboxLimits, first = 1) {
    this.#limits = limits;
    this.#low = this.#next = this.#high = this.#fresh = first;
  }

  /** Measures once more; false (and counted as skipped) when the buffer is full. */
  produce(): boolean {
    if (this.#high - this.#low >= this.#limits.keptMax) {
      this.#skipped += 1;
      return false;
    }
    this.#high += 1;
    return true;
  }

  /** The next event to send, undefined when there is none or the window is full. `again`: it was on the wire before. */
  take(): { readonly n: number; readonly again: boolean } | undefined {
    while (this.#ackedAhead.has(this.#next)) this.#next += 1;
    const n = this.#next;
    if (n >= this.#high || n - this.#low >= this.#limits.windowMax) return undefined;
    this.#next = n + 1;
    const again = n < this.#fresh;
    if (!again) this.#fresh = n + 1;
    return { n, again };
  }

  /** False when n was not waiting for an acknowledgement. */
  acked(n: number): boolean {
    if (n < this.#low || n >= this.#fresh || this.#ackedAhead.has(n)) return false;
    this.#ackedAhead.add(n);
    while (this.#ackedAhead.delete(this.#low)) this.#low += 1;
    if (this.#next < this.#low) this.#next = this.#low;
    return true;
  }

  /** What was on the wire must be sent again. */
  rewind(): void {
    this.#next = this.#low;
  }

  /** Sent and neither acknowledged nor given up, oldest first. */
  *onTheWire(): Generator<number> {
    for (let n = this.#low; n < this.#next; n++) if (!this.#ackedAhead.has(n)) yield n;
  }

  get low(): number {
    return this.#low;
  }

  get windowMax(): number {
    return this.#limits.windowMax;
  }

  /** Measured and not yet acknowledged. */
  get waiting(): number {
    return this.#high - this.#low - this.#ackedAhead.size;
  }

  get skipped(): number {
    return this.#skipped;
  }
}
