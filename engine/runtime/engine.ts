/**
 * One engine process: a pool of workers, a sink, and an owner for each partition that this node should have. What an
 * owner needs to know of the others (which event killed whom, whether its lease is fresh) is kept here.
 */
import type { Ask, Answer } from '../../schemas/envelope.ts';
import type { Clock } from '../kernel/clock.ts';
import { hasCode } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import type { Counter, MetricsRegistry } from '../observability/metrics.ts';
import type { AnalyticsEraser } from '../ports/analytics-eraser.ts';
import type { AnalyticsSink } from '../ports/analytics-sink.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { DownlinkSender } from '../ports/downlink.ts';
import type { EdgeLives } from '../ports/edge-life.ts';
import type { FoldPool } from '../ports/fold-pool.ts';
import type { InputLogKeeper, InputLogReader } from '../ports/input-log.ts';
import type { Leases, Member } from '../ports/leases.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { TopicEffects } from '../ports/topic-effects.ts';
import type { OutcomeCounts } from '../../workers/protocol.ts';
import type { SpareBuffers } from '../kernel/spare-buffers.ts';
import { EdgeWatch } from './edge-watch.ts';
import { ErasureKeeper } from './erasure-keeper.ts';
import { Killers } from './killers.ts';
import { KnownEnds, type LogLoss } from './log-ends.ts';
import { Membership, type OwnedPartition } from './membership.ts';
import type { OwnEvents } from './own-events.ts';
import { PartitionOwner } from './owner.ts';
import type { Service } from './service.ts';
import type { Sink } from './sink.ts';
import type { TopicEraser } from './topics/topic-eraser.ts';
import type { KeeperStatus } from './topics/topic-keeper.ts';

export interface EngineParts {
  readonly member: Member;
  readonly partitions: number;
  readonly control: ControlLog;
  readonly input: InputLogReader & InputLogKeeper;
  readonly snapshots: Snapshots;
  readonly leases: Leases;
  readonly pool: FoldPool;
  readonly sink: Sink;
  readonly topicEffects: TopicEffects;
  readonly downlinks: DownlinkSender;
  readonly ownEvents: OwnEvents;
  readonly edgeLives: EdgeLives;
  readonly spares?: SpareBuffers;
  readonly analytics: AnalyticsSink;
  readonly eraser: AnalyticsEraser;
  /** The server process that the log is on now. */
  readonly serverId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricsRegistry;
  readonly logRetentionMs: number;
  readonly snapshotIntervalMs: number;
  /** Makes an owner reachable for questions until stopped. */
  readonly serveAsks: (partition: number, handler: { ask(ask: Ask): Promise<Answer> }) => { stop(): void };
  /** Runs beside the owner, keeps the topic partition of the same number, and never rejects. */
  readonly topicKeeper?: (partition: number, leaseFresh: () => boolean) => Service;
  /** What that one says of itself; undefined: it doesn't run. */
  readonly topicStatus?: (partition: number) => KeeperStatus | undefined;
  /** Absent: there are no topic trees here. */
  readonly topicEraser?: TopicEraser;
}

export class Engine implements Service {
  readonly #parts: EngineParts;
  readonly #membership: Membership;
  readonly #killers = new Killers();
  readonly #ends: KnownEnds;
  readonly #owners = new Map<number, PartitionOwner>();
  readonly #folded: (counts: OutcomeCounts) => void;
  readonly #untold: Counter;
  readonly #startedMs: number;
  readonly #erasures: ErasureKeeper;
  readonly #edgeWatch: EdgeWatch;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.now();
    this.#folded = countFolded(parts.metrics);
    this.#untold = parts.metrics.counter({ name: 'twinfold_reports_untold_total', help: UNTOLD_HELP });
    this.#ends = new KnownEnds(countLosses(parts.metrics));
    const { clock, eraser, log, topicEraser } = parts;
    this.#erasures = new ErasureKeeper({ eraser, topics: topicEraser, clock, log, owners: () => this.#owners.values() });
    const watched = (): ReadonlySet<number> => new Set([...this.#owners.values()].flatMap((owner) => owner.edges));
    this.#edgeWatch = new EdgeWatch({ lives: parts.edgeLives, watched, clock, log });
    this.#membership = new Membership({
      member: parts.member,
      partitions: parts.partitions,
      leases: parts.leases,
      clock: parts.clock,
      log: parts.log,
      own: (partition, leaseFresh) => this.#own(partition, leaseFresh),
      onFailed: (partition, error) => this.#failed(partition, error),
    });
  }

  async run(): Promise<void> {
    this.#erasures.start();
    this.#edgeWatch.start();
    try {
      await this.#membership.run();
    } finally {
      await Promise.all([this.#erasures.stop(), this.#edgeWatch.stop()]);
    }
  }

  /** Ends each owner after what it has read is committed. Rows that are not written yet are written after a restart. */
  stop(): void {
    this.#membership.stop();
  }

  /** Resolves when all rows that are committed now are in ClickHouse, or can't be written soon. */
  async flush(): Promise<void> {
    await this.#parts.sink.drain();
  }

  /** NATS can't be heard: nothing that is missed from now on says anything. */
  disconnected(): void {
    this.#edgeWatch.connectionBroke();
  }

  /** NATS is back: every owner makes sure that its log still ends where it ended. */
  reconnected(serverId: string): void {
    this.#edgeWatch.connectionBroke();
    for (const [partition, owner] of this.#owners) {
      owner.reconnected(serverId).catch((error: unknown) => owner.breakOff(error));
      this.#parts.log.info('partition-end-checked', { partition, server: serverId });
    }
  }

  /** The sink found rows in ClickHouse that the partition's control log knows nothing of. */
  lostControlEnd(partition: number, maxLogSeq: number): void {
    this.#owners.get(partition)?.lostControlEnd(maxLogSeq);
  }

  #own(partition: number, leaseFresh: () => boolean): OwnedPartition {
    const owner = new PartitionOwner({
      ...this.#parts,
      partition,
      leaseFresh,
      killers: (of) => this.#killers.of(of),
      isEdgeGone: (epoch) => this.#edgeWatch.isGone(epoch),
      ends: this.#ends,
      onFolded: this.#folded,
      onUntold: (reports) => this.#untold.add(reports),
    });
    return {
      run: async () => {
        const asks = this.#parts.serveAsks(partition, { ask: async (ask) => this.#ask(owner, ask) });
        this.#owners.set(partition, owner);
        const topics = this.#parts.topicKeeper?.(partition, leaseFresh);
        const keeping = topics?.run();
        try {
          await owner.run();
        } finally {
          topics?.stop();
          asks.stop();
          await keeping;
          if (this.#owners.get(partition) === owner) this.#owners.delete(partition);
        }
      },
      stop: () => owner.stop(),
      breakOff: (reason) => owner.breakOff(reason),
    };
  }

  /** This process has no port of its own: what it counts is told with the status of the first partition it owns, once. */
  async #ask(owner: PartitionOwner, ask: Ask): Promise<Answer> {
    const answer = await owner.ask(ask);
    if (ask.status === undefined) return answer;
    const { member, metrics, topicStatus } = this.#parts;
    const topics = topicStatus?.(owner.partition);
    const status = topics === undefined ? owner.status() : { ...owner.status(), topics };
    if (owner.partition !== Math.min(...this.#owners.keys())) return { ...answer, body: Buffer.from(JSON.stringify(status)) };
    const report = { node: member.node, startedMs: this.#startedMs, metrics: metrics.collect() };
    return { ...answer, body: Buffer.from(JSON.stringify({ ...status, process: report })) };
  }

  #failed(partition: number, error: unknown): void {
    if (!hasCode(error, 'worker-died')) return;
    const killer = this.#parts.pool.takeKiller(partition);
    if (killer === undefined) return;
    const deaths = this.#killers.died(partition, killer);
    this.#parts.log.error('event-killed-worker', { partition, seq: killer.seq, index: killer.index, deaths });
  }
}

const UNTOLD_HELP = 'Events that were not accepted, of which a connected client was not told because there were too many.';

function countFolded(metrics: MetricsRegistry): (counts: OutcomeCounts) => void {
  const counter = (outcome: string): Counter =>
    metrics.counter(
      { name: 'twinfold_events_total', help: 'Events by edge and outcome; an edge knows "stored", the fold the rest.' },
      { edge: 'fold', outcome },
    );
  const accepted = counter('accepted');
  const duplicate = counter('duplicate');
  const quarantined = counter('quarantined');
  const rejected = counter('rejected');
  return (counts) => {
    accepted.add(counts.accepted);
    duplicate.add(counts.duplicate);
    quarantined.add(counts.quarantined);
    rejected.add(counts.rejected);
  };
}

function countLosses(metrics: MetricsRegistry): (loss: LogLoss) => void {
  const messages = { name: 'twinfold_log_messages_lost_total', help: 'Messages of the input log that are gone with its end.' };
  const ends = { name: 'twinfold_log_ends_lost_total', help: 'How often a log (input, control) had lost its end, and was mended.' };
  return ({ fromSeq, log, partition, toSeq }) => {
    metrics.counter(ends, { log, partition: `${partition}` }).add(1);
    if (log === 'input') metrics.counter(messages, { partition: `${partition}` }).add(toSeq - fromSeq + 1);
  };
}
