/**
 * Sessions that are behind, because they were away or had no room: each joins the pass of a partition that brings it to the
 * head, from where on it is live.
 */
import type { Log } from '../../engine/observability/log.ts';
import type { TopicLogReader } from '../../engine/ports/topic-log.ts';
import { PartitionPass } from './partition-pass.ts';
import { Slices } from './slices.ts';
import type { Subscribed } from './subscriber.ts';
import type { Straggler } from './takers.ts';
import type { TopicFeed } from './topic-feed.ts';

export interface CatchUpParts {
  readonly reader: TopicLogReader;
  readonly feed: TopicFeed;
  readonly log: Log;
}

export class CatchUp {
  readonly #gapped = new Gapped();
  readonly #slices = new Slices();
  readonly #passes: readonly PartitionPass[];

  constructor(parts: CatchUpParts) {
    const { partitions } = parts.feed;
    const shared = { ...parts, gapped: this.#gapped, slices: this.#slices };
    this.#passes = Array.from({ length: partitions }, (_, partition) => new PartitionPass(partition, shared));
  }

  /** Sessions behind in some partition, each counted for each. */
  get stragglers(): number {
    return this.#passes.reduce((sum, pass) => sum + pass.size, 0);
  }

  /** Sessions whose cursor was older than the first message there is, since this process began: what was in between they never get. */
  get gapped(): number {
    return this.#gapped.count;
  }

  /** Everything in the partition up to the place `after` is settled; what follows is to be delivered. */
  join(straggler: Straggler, partition: number, after: number): void {
    this.#passes[partition]?.join(straggler, after);
  }

  leave(straggler: Straggler): void {
    for (const pass of this.#passes) pass.leave(straggler);
  }

  /** The feed has come further in the partition. */
  moved(partition: number): void {
    this.#passes[partition]?.moved();
  }

  /** The session has another subscription, or one less. */
  changed(straggler: Straggler, subscribed: Subscribed, isNew: boolean): void {
    for (const pass of this.#passes) pass.changed(straggler, subscribed, isNew);
  }

  stop(): void {
    for (const pass of this.#passes) pass.stop();
  }
}

/** Those that were away for longer than the log reaches back, each connection once. */
class Gapped {
  count = 0;
  readonly #known = new WeakSet<Straggler>();

  note(straggler: Straggler): void {
    if (this.#known.has(straggler)) return;
    this.#known.add(straggler);
    this.count++;
  }
}
