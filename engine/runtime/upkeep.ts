/**
 * What an owner says into its own log because nobody else does: that time has gone on, where a timer is due and no traffic
 * carries log time past it; and that an edge is gone which holds connections of the partition.
 */
import type { Clock } from '../kernel/clock.ts';
import { edgeGoneEvent, TICK, type OwnEvents } from './own-events.ts';

/** Traffic may carry log time past a timer by itself; clocks that differ a little make fewer ticks in vain. */
const SLACK_MS = 100;
/** Until the log's clock has passed what is due, which another machine may keep. */
const TICK_EVERY_MS = 250;
/** What could not be appended is tried again after this. */
const RETRY_MS = 1_000;

export interface UpkeepParts {
  readonly partition: number;
  readonly clock: Clock;
  readonly ownEvents: OwnEvents;
  /** Whether somebody declared the edge dead. */
  readonly isEdgeGone: (epoch: number) => boolean;
}

/** What the fold said last. */
export interface Foreseen {
  readonly nextDueMs: number;
  readonly edges: readonly number[];
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #mayWrite: () => Promise<boolean>;
  readonly #told = new Set<number>();
  #foreseen: Foreseen | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #isBusy = false;

  /** `mayWrite`: whether this owner is sure of its lease, and of the log's end. */
  constructor(parts: UpkeepParts, mayWrite: () => Promise<boolean>) {
    this.#parts = parts;
    this.#mayWrite = mayWrite;
  }

  /** Whether the fold has said what is due; after a recovery it has not. */
  get isInformed(): boolean {
    return this.#foreseen !== undefined;
  }

  /** Edges that hold connections of the partition. */
  get edges(): readonly number[] {
    return this.#foreseen?.edges ?? [];
  }

  folded(foreseen: Foreseen): void {
    this.#foreseen = { nextDueMs: foreseen.nextDueMs, edges: foreseen.edges };
    for (const epoch of this.#told) if (!foreseen.edges.includes(epoch)) this.#told.delete(epoch);
  }

  /** Appends what is due, if anything is; `hasTraffic`: messages wait that bring a log time of their own. */
  attend(hasTraffic: boolean): void {
    const { clock, isEdgeGone } = this.#parts;
    if (this.#isBusy || this.#foreseen === undefined || clock.monotonic() < this.#notBeforeMs) return;
    const { edges, nextDueMs } = this.#foreseen;
    const gone = edges.filter((epoch) => !this.#told.has(epoch) && isEdgeGone(epoch));
    const isTickDue = nextDueMs > 0 && !hasTraffic && clock.now() >= nextDueMs + SLACK_MS;
    if (gone.length === 0 && !isTickDue) return;
    this.#isBusy = true;
    void this.#append(gone);
  }

  async #append(gone: readonly number[]): Promise<void> {
    const { clock, ownEvents, partition } = this.#parts;
    const events = gone.length === 0 ? [TICK] : gone.map(edgeGoneEvent);
    // While NATS is away it can't be known whether this owner may: then it is tried again, too.
    const mayWrite = await this.#mayWrite().catch(() => false);
    const seq = mayWrite ? await ownEvents.append(partition, events) : undefined;
    if (seq !== undefined) for (const epoch of gone) this.#told.add(epoch);
    this.#notBeforeMs = clock.monotonic() + (seq === undefined ? RETRY_MS : TICK_EVERY_MS);
    this.#isBusy = false;
  }
}
