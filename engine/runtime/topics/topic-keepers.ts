/**
 * The topic partitions' keepers of one process: one beside each owner, started over when it broke, whatever becomes of the
 * owner. Owns what outlasts them: how far the logs are known to have gone, and the metrics.
 */
import type { RetainedAnswerInit, AskRetained } from '../../../schemas/gen/lean.ts';
import { ANSWER_CODE } from '../../../schemas/envelope.ts';
import { hasCode, messageOf } from '../../kernel/errors.ts';
import type { GaugeSample, MetricsRegistry } from '../../observability/metrics.ts';
import type { RetainedHandler } from '../../ports/topic-log.ts';
import { KnownEnds } from '../log-ends.ts';
import { Wakeup, type Service } from '../service.ts';
import { TopicKeeper, type KeeperStatus } from './topic-keeper.ts';
import type { TopicKeeperParts } from './topic-parts.ts';

const RETRY_FIRST_MS = 50;
const RETRY_MS_MAX = 5_000;
const STEADY_MS = 10_000;

export interface TopicKeepersParts extends Omit<TopicKeeperParts, 'partition' | 'ends' | 'leaseFresh' | 'retainedMax'> {
  readonly partitions: number;
  readonly metrics: MetricsRegistry;
  /** Retained messages that a tenant may have, over all partitions. */
  readonly retainedMax: number;
  /** Makes a keeper reachable for questions until stopped. */
  readonly serveAsks: (partition: number, handler: RetainedHandler) => { stop(): void };
}

export class TopicKeepers {
  readonly #parts: TopicKeepersParts;
  readonly #ends = new KnownEnds();
  readonly #running = new Map<number, RunningKeeper>();

  constructor(parts: TopicKeepersParts) {
    this.#parts = parts;
    this.#declare(parts.metrics);
  }

  /** Runs until stopped, and never rejects: its troubles are not the owner's. */
  keeper(partition: number, leaseFresh: () => boolean): Service {
    const { retainedMax, partitions } = this.#parts;
    const running: RunningKeeper = new RunningKeeper(
      {
        ...this.#parts,
        partition,
        leaseFresh,
        ends: this.#ends,
        // A tenant's topics are spread evenly over the partitions, as far as chance is even.
        retainedMax: Math.ceil(retainedMax / partitions),
      },
      this.#parts.serveAsks,
    );
    return {
      run: async () => {
        this.#running.set(partition, running);
        try {
          await running.run();
        } finally {
          if (this.#running.get(partition) === running) this.#running.delete(partition);
        }
      },
      stop: () => running.stop(),
    };
  }

  /** NATS is back: every keeper makes sure that its log still ends where it ended. */
  reconnected(serverId: string): void {
    for (const running of this.#running.values()) running.reconnected(serverId);
  }

  /** Undefined: the partition isn't kept here. */
  status(partition: number): KeeperStatus | undefined {
    return this.#running.get(partition)?.status();
  }

  statuses(): readonly KeeperStatus[] {
    return [...this.#running.values()].flatMap((running) => running.status() ?? []);
  }

  #declare(metrics: MetricsRegistry): void {
    const read = (value: (status: KeeperStatus) => number) => (): readonly GaugeSample[] =>
      this.statuses().map((status) => ({ labels: { partition: `${status.partition}` }, value: value(status) }));
    metrics.gauge(
      { name: 'twinfold_topic_lag_messages', help: 'Messages of the topic trees that their keeper has not taken in.' },
      read(({ lagMessages }) => lagMessages),
    );
    metrics.gauge(
      { name: 'twinfold_topic_retained', help: 'Retained messages.' },
      read(({ retained }) => retained),
    );
    metrics.gauge(
      { name: 'twinfold_topic_index_segments', help: 'Segments of the topic index.' },
      read(({ segments }) => segments),
    );
    metrics.counted(
      { name: 'twinfold_topic_retained_written_total', help: 'Changes of retained messages that were written beside the log.' },
      read(({ written }) => written),
    );
    metrics.counted(
      { name: 'twinfold_topic_retained_refused_total', help: 'Messages that were not retained, because their tenant had too many.' },
      read(({ refused }) => refused),
    );
    metrics.counted(
      { name: 'twinfold_topic_purged_by_need_total', help: 'Messages of the topic trees that went before their age, for want of room.' },
      read(({ purgedByNeed }) => purgedByNeed),
    );
  }
}

/** One keeper after the other. */
class RunningKeeper implements Service, RetainedHandler {
  readonly #parts: TopicKeeperParts;
  readonly #serveAsks: TopicKeepersParts['serveAsks'];
  readonly #wake = new Wakeup();
  #keeper: TopicKeeper | undefined;
  #stopping = false;

  constructor(parts: TopicKeeperParts, serveAsks: TopicKeepersParts['serveAsks']) {
    this.#parts = parts;
    this.#serveAsks = serveAsks;
  }

  async run(): Promise<void> {
    const { clock, log, partition } = this.#parts;
    const asks = this.#serveAsks(partition, this);
    let retryMs = RETRY_FIRST_MS;
    while (!this.#stopping) {
      const startedMs = clock.monotonic();
      const keeper = new TopicKeeper(this.#parts);
      this.#keeper = keeper;
      try {
        await keeper.run();
      } catch (error) {
        if (clock.monotonic() - startedMs > STEADY_MS) retryMs = RETRY_FIRST_MS;
        // Somebody else keeps the partition, as long as both think that it is theirs.
        const facts = { partition, error: messageOf(error), retryInMs: retryMs };
        if (hasCode(error, 'fenced')) log.info('topic-keeper-fenced', facts);
        else log.warn('topic-keeper-failed', facts);
        if (!this.#stopping) await this.#wake.wait(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      }
    }
    this.#keeper = undefined;
    asks.stop();
  }

  stop(): void {
    this.#stopping = true;
    this.#keeper?.stop();
    this.#wake.raise();
  }

  status(): KeeperStatus | undefined {
    return this.#keeper?.status();
  }

  reconnected(serverId: string): void {
    const keeper = this.#keeper;
    keeper?.reconnected(serverId).catch((error: unknown) => keeper.breakOff(error));
  }

  async ask(ask: AskRetained): Promise<RetainedAnswerInit> {
    return this.#keeper?.ask(ask) ?? { code: ANSWER_CODE.notOwner };
  }
}
