/**
 * The live feed: what was accepted and decided, in the order of each partition's log. A partition is followed once for all
 * who listen, and not at all while nobody does. Readers pull at their own pace and may resume from a token; subscribers are
 * handed what comes at the head, and are told when they missed something.
 */
import { partitionOf } from '../../engine/kernel/partition.ts';
import { CatchUp } from './catch-up.ts';
import { type FeedItem, type FeedKind, maskOf } from './feed-item.ts';
import { FeedReader } from './feed-reader.ts';
import { type FeedSources, type HeadListener, PartitionHead } from './partition-head.ts';
import type { Place, Places } from './place.ts';

/** What may wait for a reader that says nothing else: some hundred items. */
const BUDGET_BYTES = 256 * 1024;

export interface OpenFeed {
  readonly tenant: string;
  /** Undefined: every device of the tenant. */
  readonly device?: string | undefined;
  readonly kinds: Iterable<FeedKind>;
  /** Absent, and in partitions that it doesn't name: from now on. */
  readonly from?: Places | undefined;
  /** Asked for every item of the above; must be quick, and must not throw. */
  readonly wants?: ((item: FeedItem) => boolean) | undefined;
  readonly budgetBytes?: number;
}

export interface Subscriber {
  /** Undefined: every tenant. */
  readonly tenant?: string | undefined;
  readonly device?: string | undefined;
  readonly kinds: Iterable<FeedKind>;
  /** The payload is good until this returns; `item.keep()` makes it last. Must not throw, and must not wait. */
  item(item: FeedItem): void;
  /** Items of the partition were missed; those that come from now on are handed over again. */
  missed(partition: number): void;
}

export interface Subscription {
  /** Resolves when every item that is accepted from now on will be handed over. */
  readonly ready: Promise<void>;
  stop(): void;
}

export class LogFeed {
  readonly partitions: number;
  readonly #sources: FeedSources;
  readonly #heads: readonly PartitionHead[];
  readonly #catchUp: CatchUp;
  readonly #readers = new Set<FeedReader>();
  #isClosed = false;

  constructor(sources: FeedSources) {
    this.#sources = sources;
    this.partitions = sources.partitions;
    this.#heads = Array.from({ length: sources.partitions }, (_, partition) => new PartitionHead(partition, sources));
    this.#catchUp = new CatchUp(sources);
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Resolves when every item that is accepted from now on, or that comes after `from`, will be read. */
  async open(options: OpenFeed): Promise<FeedReader> {
    const heads = this.#headsOf(options.tenant, options.device);
    const from = await Promise.all(heads.map(async (head) => this.#hold(head, options.from?.get(head.partition))));
    // While the others were looked for, one may have lost its place again.
    while (!this.#isClosed && heads.some((head) => head.nextSeq === 0)) await Promise.all(heads.map(async (head) => head.place()));
    const reader = new FeedReader(
      {
        tenant: options.tenant,
        device: options.device,
        kinds: maskOf(options.kinds),
        wants: options.wants,
        budgetBytes: options.budgetBytes ?? BUDGET_BYTES,
      },
      {
        heads: heads.map((head, i) => ({ head, from: from[i]?.place })),
        catchUp: this.#catchUp,
        onClose: (closed) => this.#readers.delete(closed),
      },
    );
    this.#readers.add(reader);
    for (const start of from) if (start.gapMs !== undefined) reader.missed(start.gapMs);
    if (this.#isClosed) reader.close();
    return reader;
  }

  /** For many who are served together, such as the subscriptions of an edge: no queue, no place, only what comes. */
  subscribe(subscriber: Subscriber): Subscription {
    const { device, tenant } = subscriber;
    const heads = tenant === undefined ? this.#heads : this.#headsOf(tenant, device);
    let isStopped = false;
    const listener: HeadListener = {
      tenant,
      device,
      kinds: maskOf(subscriber.kinds),
      item: (item) => {
        if (!isStopped) subscriber.item(item);
      },
      lost: (partition) => {
        const head = this.#heads[partition];
        if (isStopped || head === undefined) return;
        subscriber.missed(partition);
        void listen(head);
      },
    };
    const listen = async (head: PartitionHead): Promise<void> => {
      // Asked again: it may have lost its place once more.
      do await head.place();
      while (!isStopped && !this.#isClosed && head.nextSeq === 0);
      if (!isStopped) head.listen(listener);
    };
    const ready = Promise.all(
      heads.map(async (head) => {
        await head.hold();
        await listen(head);
      }),
    );
    return {
      ready: ready.then(() => undefined),
      stop: () => {
        if (isStopped) return;
        isStopped = true;
        for (const head of heads) {
          head.leave(listener);
          head.release();
        }
      },
    };
  }

  /** Ends every reader, and follows nothing any more. */
  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.close();
    for (const head of this.#heads) head.stop();
  }

  #headsOf(tenant: string, device: string | undefined): readonly PartitionHead[] {
    if (device === undefined) return this.#heads;
    return this.#heads.filter(({ partition }) => partition === partitionOf(tenant, device, this.partitions));
  }

  async #hold(head: PartitionHead, from: Place | undefined): Promise<{ readonly place: Place | undefined; readonly gapMs?: number }> {
    await head.hold();
    while (head.nextSeq === 0 && !this.#isClosed) await head.place();
    if (from === undefined || from.seq <= head.nextSeq) return { place: from };
    // Another edge may be ahead of this one, but not of the log.
    const { lastSeq } = await this.#sources.input.bounds(head.partition);
    if (from.seq <= lastSeq + 1) return { place: from };
    return { place: { seq: lastSeq + 1, slot: 0 }, gapMs: this.#sources.clock.now() };
  }
}
