/**
 * The sink of an engine process: carries out what the planner says, keeps the rows meanwhile, and decides when it is time
 * for a block. The fold never waits for it: when ClickHouse is away, rows are kept up to a bound, then given up and built
 * again from the logs when it is back.
 */
import { decide, evolve, initialPlan } from '../domain/sink-planner.ts';
import type { PartitionPlan, SinkAction, SinkInput, SinkPlan } from '../domain/sink-plan.ts';
import type { SinkTableName } from '../domain/sink-state.ts';
import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import { type TwinfoldError, messageOf } from '../kernel/errors.ts';
import { failpoint } from '../observability/failpoint.ts';
import type { Log } from '../observability/log.ts';
import type { AnalyticsSink } from '../ports/analytics-sink.ts';
import { SinkBuffer } from './sink-buffer.ts';
import { alarmError, failureOf, notOursError } from './sink-failure.ts';
import { flushIsDue, nextBatches, shedRows } from './sink-flush.ts';
import { DEFAULT_LIMITS, type SinkLimits } from './sink-limits.ts';
import type { SinkAttachment, SinkPartition, SinkReleased, SinkStatus } from './sink-partition.ts';

export interface SinkOptions {
  readonly analytics: AnalyticsSink;
  /** Names this process's inserts; never used by another. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Log;
  /** ClickHouse holds rows that the control log knows nothing of: it lost its end. Without this the partition is stopped. */
  readonly onLostEnd?: (partition: number, maxLogSeq: number) => void;
  readonly limits?: Partial<SinkLimits>;
  /** Hears of rows that nobody reads any more: they are in ClickHouse, and no request is under way with them. */
  readonly onFree?: (rows: Uint8Array) => void;
}

interface Attached {
  readonly side: SinkPartition;
  readonly buffer: SinkBuffer;
  /** Since when its high-water mark has been ahead of what the control log says. */
  unwrittenSinceMs: number | undefined;
  filling: boolean;
}

export class Sink {
  readonly #options: SinkOptions;
  readonly #limits: SinkLimits;
  readonly #attached = new Map<number, Attached>();
  #plan: SinkPlan;
  #queries = 0;
  #timer: NodeJS.Timeout | undefined;
  #retryMs: number;
  #retryAtMs: number | undefined;
  #flushedAtMs = 0;
  /** Whether rows that were sent are free: those of a request that failed may yet be read. */
  readonly #sent = new WeakMap<Uint8Array, boolean>();
  #draining = false;

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#plan = initialPlan(options.instance);
    this.#retryMs = this.#limits.retryMsMin;
  }

  /** Takes over the sink of a partition that was just claimed. */
  attach(side: SinkPartition, at: SinkAttachment): void {
    const { partition } = side;
    const buffer = new SinkBuffer({ hwm: at.sink.hwm, lastRecordSeq: at.lastRecordSeq, lastLogSeq: at.lastLogSeq, nowMs: this.#now() });
    this.#attached.set(partition, { side, buffer, unwrittenSinceMs: undefined, filling: false });
    this.#tell({ kind: 'attached', partition, epoch: side.epoch(), sink: at.sink, previousInstances: at.previousInstances });
  }

  /** The partition's rows are another process's business from now on. */
  detach(partition: number): void {
    if (this.#attached.delete(partition)) this.#tell({ kind: 'detached', partition });
  }

  /** Rows of a record that is committed. Every record that covers messages of the log is released, in order. */
  released(partition: number, released: SinkReleased): void {
    const attached = this.#attached.get(partition);
    if (attached === undefined) return;
    const { recordSeq, ...rows } = released;
    attached.buffer.add(recordSeq, rows, this.#now());
    this.#shed();
    this.#pump();
  }

  /** Resolves when every row that was released is in ClickHouse and the control logs say so. May take as long as ClickHouse is away. */
  async drain(): Promise<void> {
    this.#draining = true;
    try {
      while (this.#plan.partitions.some((p) => this.#isBusy(p))) {
        this.#pump();
        await new Promise((resolve) => setTimeout(resolve, this.#limits.tickMs));
      }
    } finally {
      this.#draining = false;
    }
  }

  status(partition: number): SinkStatus {
    const plan = this.#planOf(partition);
    const attached = this.#attached.get(partition);
    const since = attached?.buffer.oldestMs;
    return {
      hwm: plan?.hwm ?? 0,
      hwmLogSeq: plan?.hwmLogSeq ?? 0,
      lagMs: since === undefined ? 0 : Math.round(this.#now() - since),
      bufferedBytes: attached?.buffer.bytes ?? 0,
      state: plan?.phase ?? 'detached',
    };
  }

  // What the planner hears and says.

  #tell(input: SinkInput): void {
    this.#step(input);
    this.#pump();
  }

  #step(input: SinkInput): void {
    this.#plan = evolve(this.#plan, input);
    for (let actions = decide(this.#plan); actions.length > 0; actions = decide(this.#plan)) {
      for (const action of actions) {
        this.#plan = evolve(this.#plan, action);
        this.#start(action);
      }
    }
    for (const [partition, attached] of this.#attached) this.#settle(attached, this.#planOf(partition));
  }

  #settle(attached: Attached, plan: PartitionPlan | undefined): void {
    if (plan === undefined) return;
    attached.buffer.settle(plan.hwm, this.#dropped);
    if (!plan.unwritten) attached.unwrittenSinceMs = undefined;
    else attached.unwrittenSinceMs ??= this.#now();
  }

  #start(action: SinkAction): void {
    switch (action.kind) {
      case 'commit':
        return this.#commit(action);
      case 'reclaim':
        return this.#reclaim(action);
      case 'fence':
        return this.#fence(action);
      case 'ask':
        return this.#ask(action);
      case 'rebuild':
        return this.#rebuild(action);
      case 'insert':
        return this.#insert(action);
      case 'drop':
        return this.#end(action.partition, notOursError(action.partition));
      case 'stop':
        return this.#alarm(action);
      default:
        return unreachable(action, 'sink action');
    }
  }

  #commit({ partition, epoch, sink }: Extract<SinkAction, { kind: 'commit' }>): void {
    const side = this.#attached.get(partition)?.side;
    if (side === undefined) return;
    side.commitSink(sink).then(
      () => {
        if (sink.intent !== undefined) failpoint('sink.intent-committed');
        this.#tell({ kind: 'committed', partition, epoch });
      },
      (error: unknown) => this.#refused('sink-commit-refused', error, { kind: 'commit-refused', partition, epoch }),
    );
  }

  #reclaim({ partition, epoch }: Extract<SinkAction, { kind: 'reclaim' }>): void {
    const side = this.#attached.get(partition)?.side;
    if (side === undefined) return;
    side.reclaim().then(
      (newEpoch) => this.#tell({ kind: 'reclaimed', partition, epoch, newEpoch }),
      (error: unknown) => this.#refused('sink-reclaim-refused', error, { kind: 'reclaim-refused', partition, epoch }),
    );
  }

  #refused(what: string, error: unknown, input: Extract<SinkInput, { kind: 'commit-refused' | 'reclaim-refused' }>): void {
    this.#options.log.warn(what, { partition: input.partition, error: messageOf(error) });
    this.#tell(input);
  }

  #fence({ claims, instances }: Extract<SinkAction, { kind: 'fence' }>): void {
    failpoint('sink.before-fence');
    this.#options.analytics.fence(claims, instances).then(
      () => {
        failpoint('sink.fenced');
        this.#options.log.info('sink-fenced', { partitions: claims.map((claim) => claim.partition).join(' ') });
        this.#answered({ kind: 'fenced', claims });
      },
      (error: unknown) => this.#failed('sink-fence-failed', error, { kind: 'fence-failed', claims }),
    );
  }

  #ask({ partition, epoch, intent }: Extract<SinkAction, { kind: 'ask' }>): void {
    const known = Math.max(this.#planOf(partition)?.hwmLogSeq ?? 0, intent?.toLogSeq ?? 0);
    const counts = (intent?.tables ?? []).map(async ({ table }) => {
      const name = table as SinkTableName;
      return {
        table: name,
        ...(await this.#options.analytics.count(name, { partition, fromLogSeq: intent?.fromLogSeq ?? 0, toLogSeq: intent?.toLogSeq ?? 0 })),
      };
    });
    Promise.all([this.#options.analytics.maxLogSeq(partition, known), Promise.all(counts)]).then(
      ([maxLogSeq, found]) => {
        failpoint('sink.asked');
        if (maxLogSeq <= known && this.#planOf(partition)?.epoch === epoch) this.#attached.get(partition)?.side.agreed();
        this.#answered({ kind: 'asked', partition, epoch, maxLogSeq, counts: found });
      },
      (error: unknown) => this.#failed('sink-ask-failed', error, { kind: 'ask-failed', partition, epoch }),
    );
  }

  #rebuild({ partition, epoch, to }: Extract<SinkAction, { kind: 'rebuild' }>): void {
    const attached = this.#attached.get(partition);
    if (attached === undefined) return;
    this.#fill(attached, to).then(
      () => this.#tell({ kind: 'rebuilt', partition, epoch, tables: attached.buffer.tables(to) ?? [] }),
      (error: unknown) => this.#failed('sink-rebuild-failed', error, { kind: 'rebuild-failed', partition, epoch }),
    );
  }

  /** Builds what is missing up to a record. */
  async #fill(attached: Attached, to: number, bytesMax?: number): Promise<void> {
    for (let gap = attached.buffer.headGap(); gap !== undefined && gap.from <= to; gap = attached.buffer.headGap()) {
      const { nextRecordSeq, ...rows } = await attached.side.rebuild({
        fromRecordSeq: gap.from,
        toRecordSeq: Math.min(gap.to, to),
        ...(bytesMax === undefined ? {} : { bytesMax }),
      });
      attached.buffer.fill(gap.from, nextRecordSeq - 1, rows);
      if (bytesMax !== undefined) return;
    }
  }

  #insert({ table, parts }: Extract<SinkAction, { kind: 'insert' }>): void {
    const block: Uint8Array[] = [];
    for (const { partition, epoch } of parts) {
      const plan = this.#planOf(partition);
      const intended = plan?.intent?.tables.some((intent) => intent.table === table) === true;
      if (plan?.intent === undefined || !intended) continue;
      block.push(...(this.#attached.get(partition)?.buffer.take(plan.intent.to, table, epoch) ?? []));
    }
    const sent =
      block.length === 0
        ? Promise.resolve()
        : this.#options.analytics.insert(table, block, `sink:${this.#options.instance}:${++this.#queries}`);
    // A turn later the request is on its way, and its answer is not there yet.
    setImmediate(() => failpoint('sink.insert-started'));
    sent.then(
      () => {
        failpoint('sink.insert-done');
        for (const rows of block) this.#sent.set(rows, this.#sent.get(rows) ?? true);
        this.#answered({ kind: 'inserted' });
      },
      (error: unknown) => {
        for (const rows of block) this.#sent.set(rows, false);
        this.#failed('sink-insert-failed', error, { kind: 'insert-failed', why: failureOf(error) });
      },
    );
  }

  #alarm({ partition, why, maxLogSeq }: Extract<SinkAction, { kind: 'stop' }>): void {
    this.#options.log.error('sink-stopped', { partition, why, maxLogSeq });
    if (why === 'lost-end' && this.#options.onLostEnd !== undefined) {
      this.#attached.delete(partition);
      this.#options.onLostEnd(partition, maxLogSeq);
      return;
    }
    this.#end(partition, alarmError(partition, why, maxLogSeq));
  }

  #end(partition: number, reason: TwinfoldError): void {
    const side = this.#attached.get(partition)?.side;
    this.#attached.delete(partition);
    side?.stop(reason);
  }

  /** ClickHouse answers: the next failure is waited for from the beginning. */
  #answered(input: SinkInput): void {
    this.#retryMs = this.#limits.retryMsMin;
    this.#tell(input);
  }

  #failed(what: string, error: unknown, input: SinkInput): void {
    this.#options.log.warn(what, { error: messageOf(error), retryMs: this.#retryMs });
    this.#retryAtMs = this.#now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, this.#limits.retryMsMax);
    this.#tell(input);
  }

  // When it is time.

  /** Does what is due and comes back later if anything is pending. */
  #pump(): void {
    const now = this.#now();
    if (this.#plan.waiting && (this.#retryAtMs === undefined || now >= this.#retryAtMs)) {
      this.#retryAtMs = undefined;
      this.#step({ kind: 'retry' });
    }
    this.#flushIfDue(now);
    if (this.#plan.partitions.some((p) => p.phase === 'intended') && now - this.#flushedAtMs >= this.#limits.departMs)
      this.#step({ kind: 'depart' });
    this.#closeIfDue(now);
    this.#fillOne();
    const pending = this.#plan.waiting || this.#plan.partitions.some((p) => this.#isBusy(p));
    if (!pending || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, this.#limits.tickMs);
  }

  /** A block leaves when enough rows wait or the oldest have waited long enough, and no other is under way. */
  #flushIfDue(now: number): void {
    if (this.#plan.block !== undefined || this.#plan.waiting) return;
    if (!this.#draining && !flushIsDue(this.#plan, this.#bufferOf, { now, limits: this.#limits })) return;
    const batches = nextBatches(this.#plan, this.#bufferOf, this.#limits);
    if (batches.length === 0) return;
    this.#flushedAtMs = now;
    this.#step({ kind: 'flush', batches });
  }

  /** A partition that has gone quiet says in its control log that its rows are in. */
  #closeIfDue(now: number): void {
    const quiet = this.#plan.partitions.filter((p) => {
      const since = this.#attached.get(p.partition)?.unwrittenSinceMs;
      return p.phase === 'armed' && p.unwritten && since !== undefined && (this.#draining || now - since >= this.#limits.closeMs);
    });
    if (quiet.length > 0) this.#step({ kind: 'close', partitions: quiet.map((p) => p.partition) });
  }

  /** One partition at a time, so that catching up is bounded in memory too. */
  #fillOne(): void {
    if (this.#plan.waiting || [...this.#attached.values()].some((attached) => attached.filling)) return;
    for (const p of this.#plan.partitions) {
      const attached = this.#attached.get(p.partition);
      const gap = attached?.buffer.headGap();
      if (p.phase !== 'armed' || attached === undefined || gap === undefined) continue;
      attached.filling = true;
      this.#fill(attached, gap.to, this.#limits.rebuildBytes).then(
        () => {
          attached.filling = false;
          this.#settle(attached, this.#planOf(p.partition));
          this.#pump();
        },
        (error: unknown) => {
          this.#options.log.warn('sink-rebuild-failed', { partition: p.partition, error: messageOf(error) });
          setTimeout(() => {
            attached.filling = false;
            this.#pump();
          }, this.#retryMs);
        },
      );
      return;
    }
  }

  #shed(): void {
    const bytes = [...this.#attached.values()].reduce((sum, { buffer }) => sum + buffer.bytes, 0);
    if (bytes <= this.#limits.bufferBytesMax) return;
    const bytesLeft = shedRows(this.#plan, this.#bufferOf, this.#limits.bufferBytesMax);
    this.#options.log.warn('sink-rows-given-up', { bytes: bytes - bytesLeft, bytesLeft });
  }

  readonly #dropped = (rows: Uint8Array): void => {
    if (this.#sent.get(rows) === true) this.#options.onFree?.(rows);
  };
  readonly #bufferOf = (partition: number): SinkBuffer | undefined => this.#attached.get(partition)?.buffer;

  #isBusy(p: PartitionPlan): boolean {
    const empty = this.#attached.get(p.partition)?.buffer.empty ?? true;
    return p.phase !== 'armed' || p.unwritten || !empty;
  }

  #planOf(partition: number): PartitionPlan | undefined {
    return this.#plan.partitions.find((p) => p.partition === partition);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
