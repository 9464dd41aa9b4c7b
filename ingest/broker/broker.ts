/**
 * The tenants' topic trees at one edge: who subscribes to what, and how a message gets to all of them. Messages that the log
 * has come by the feed; those of QoS 0 are given to who is connected here at once, and passed on to the other edges.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { topicPartitionOf } from '../../engine/kernel/partition.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { QuickMessages, RetainedMessages, TopicLogReader } from '../../engine/ports/topic-log.ts';
import { EventBatchReader } from '../../schemas/gen/lean.ts';
import { BatchBuffer } from '../lanes/batch-buffer.ts';
import type { EventDraft, Intake } from '../message.ts';
import { CatchUp } from './catch-up.ts';
import { deliveryFor, innerFilter, mergeDeliveries, type Delivery, type Subscribed } from './subscriber.ts';
import { SubscriptionTree } from './subscription-tree.ts';
import { TopicFeed } from './topic-feed.ts';
import { readTopicMessage, type MessagePlace, type TopicMessage } from './topic-message.ts';
import { Turns } from './turns.ts';
import { Unstored } from './unstored.ts';

export interface BrokerParts {
  readonly reader: TopicLogReader;
  readonly retained: RetainedMessages;
  readonly quick: QuickMessages;
  /** Lanes into the topic streams. */
  readonly intake: TopicIntake;
  readonly edgeEpoch: number;
  readonly edge: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lanes that know how far they have come. */
export interface TopicIntake extends Intake {
  /** Sequence of the last batch of this edge that the partition's stream has; 0 before the first. */
  storedSeq(partition: number): number;
}

export interface RetainedMessage extends MessagePlace {
  /** Of none in particular: its place is beside it. */
  readonly message: TopicMessage;
}

type Tree = SubscriptionTree<Subscribed, readonly Delivery[]>;

/** How long a partition's owner may take to say what is retained. */
const RETAINED_MS_MAX = 10_000;
/** Searches of a tenant at once: each holds a page of 256 KB a partition until its client has taken it. */
const SEARCHES_MAX = 8;
const NOBODY = { stored: () => undefined, failed: () => undefined };

export class Broker {
  readonly feed: TopicFeed;
  readonly catchUp: CatchUp;
  readonly intake: Intake;
  readonly reader: TopicLogReader;
  readonly #parts: BrokerParts;
  readonly #trees = new Map<string, Tree>();
  readonly #searches = new Turns(SEARCHES_MAX);
  readonly #quick: { stop(): void };
  readonly #unstored: Unstored;
  #quickBatch = new BatchBuffer();
  #quickCounter = 0;
  #since: readonly number[] | undefined;

  constructor(parts: BrokerParts) {
    this.#parts = parts;
    this.intake = parts.intake;
    const { log, reader } = parts;
    this.reader = reader;
    this.feed = new TopicFeed({
      reader,
      log,
      deliver: (message) => this.deliver(message),
      wants: (tenant, topic) => this.#isWanted(tenant, topic),
      moved: (partition) => this.#moved(partition),
    });
    this.catchUp = new CatchUp({ reader, feed: this.feed, log });
    this.#unstored = new Unstored(reader.partitions);
    this.#quick = parts.quick.receive((batch) => this.#received(batch));
  }

  stop(): void {
    this.#quick.stop();
    this.feed.stop();
    this.catchUp.stop();
  }

  partitionOf(tenant: string, topic: Uint8Array): number {
    return topicPartitionOf(tenant, topic, this.feed.partitions);
  }

  /** By topic partition, the last message that was delivered here, or stored by us: what is subscribed to now begins behind it. */
  since(): readonly number[] {
    const { intake } = this.#parts;
    const now = this.feed.seqs.map((seq, partition) => Math.max(seq, intake.storedSeq(partition)));
    // Most ask while nothing happens, and share what they are told.
    if (this.#since === undefined || now.some((seq, partition) => seq !== this.#since?.[partition])) this.#since = now;
    return this.#since;
  }

  /** The feed must run: what is stored from now on is delivered. */
  subscribe(tenant: string, subscribed: Subscribed): void {
    let tree = this.#trees.get(tenant);
    if (tree === undefined) this.#trees.set(tenant, (tree = new SubscriptionTree(mergeDeliveries)));
    tree.add(innerFilter(subscribed.filter), subscribed);
  }

  unsubscribe(tenant: string, subscribed: Subscribed): void {
    const tree = this.#trees.get(tenant);
    if (tree === undefined) return;
    tree.remove(innerFilter(subscribed.filter), subscribed);
    if (tree.size === 0) this.#trees.delete(tenant);
  }

  /** Whether anybody connected here subscribes to it. */
  #isWanted(tenant: string, topic: string): boolean {
    const deliveries = this.#trees.get(tenant)?.match(topic);
    return deliveries !== undefined && deliveries.length > 0;
  }

  /** To everybody connected here who subscribes to it. */
  deliver(message: TopicMessage): void {
    const deliveries = this.#trees.get(message.tenant)?.match(message.topic);
    if (deliveries === undefined) return;
    for (const delivery of deliveries) delivery.subscriber.take(message, deliveryFor(message, delivery));
  }

  /** A message of QoS 0: to who is connected, here and elsewhere, and nowhere else. */
  publishQuick(draft: EventDraft, message: TopicMessage): void {
    this.deliver(message);
    const batch = this.#quickBatch;
    const nowMs = this.#parts.clock.now();
    if (!batch.put(draft, nowMs, { receipt: NOBODY, tag: 0 })) {
      this.#sendQuick();
      this.#quickBatch.put(draft, nowMs, { receipt: NOBODY, tag: 0 });
    }
    if (this.#quickBatch.count === 1) setImmediate(() => this.#sendQuick());
  }

  /** A retained message of QoS 0, which was given to who is connected: the log is to keep it. */
  retainQuick(draft: EventDraft): void {
    this.#unstored.offer(draft, this.intake);
  }

  /** Resolves when retained messages may be searched for, with what is to be called when that is over. */
  async searchTurn(tenant: string): Promise<() => void> {
    return this.#searches.take(tenant);
  }

  /**
   * Retained messages that the filter matches, with all that this edge took or told of before; rejects where a partition's
   * owner is not there in time.
   */
  async *retained(tenant: string, filter: string): AsyncIterable<readonly RetainedMessage[]> {
    await this.#unstored.settled();
    const ask = { tenant, filter, minSeqs: this.since(), timeoutMs: RETAINED_MS_MAX };
    for await (const page of this.#parts.retained.find(ask)) {
      const messages: RetainedMessage[] = [];
      for (const { event, index, partition, seq } of page) {
        const message = readTopicMessage(event, { start: 0, end: event.length }, undefined);
        if (message !== undefined) messages.push({ message, partition, place: placeOf(seq, index) });
      }
      yield messages;
    }
  }

  #moved(partition: number): void {
    this.catchUp.moved(partition);
  }

  #sendQuick(): void {
    const batch = this.#quickBatch;
    if (batch.count === 0) return;
    const { clock, edge, edgeEpoch, quick } = this.#parts;
    const bytes = batch.close({ edgeEpoch, counter: ++this.#quickCounter, edge, openedMs: clock.now() });
    // The connection keeps what it sends for a while.
    quick.send(Uint8Array.from(bytes));
    batch.reset();
  }

  #received(data: Uint8Array): void {
    const batch = new EventBatchReader();
    if (!batch.read(data, 0, data.length) || batch.edgeEpoch === this.#parts.edgeEpoch) return;
    for (let i = 0; i < batch.eventsCount; i++) {
      const message = readTopicMessage(data, { start: batch.eventsStarts[i] ?? 0, end: batch.eventsEnds[i] ?? 0 }, undefined);
      if (message !== undefined) this.deliver(message);
    }
  }
}
