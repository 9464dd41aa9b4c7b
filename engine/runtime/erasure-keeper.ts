/**
 * What must follow when a device was erased in the log: its rows go from ClickHouse, what it has retained from the topic trees,
 * and the snapshots that still know it from the store. The fold's own list says what is to be done, a table in ClickHouse what was; so whoever owns the
 * partition goes on where another stopped, and doing a step twice changes nothing.
 */
import { ERASURE_GRACE_MS } from '../domain/erasures.ts';
import type { Erasure } from '../kernel/erasure.ts';
import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import type { AnalyticsEraser } from '../ports/analytics-eraser.ts';
import type { TopicEraser } from './topics/topic-eraser.ts';

const LOOK_EVERY_MS = 5_000;
/** For clocks that differ: ours says when the grace is over, the log's server what log time is. */
const MARGIN_MS = 5_000;

/** A partition's owner, as far as erasing goes. */
export interface ErasableOwner {
  readonly partition: number;
  /** Those that the fold remembers; undefined while the owner can't say. */
  erasures(): Promise<readonly Erasure[] | undefined>;
  /** The last message that is in the log now, folded or not. */
  lastSeq(): Promise<number>;
  /** The last message whose rows are in ClickHouse. */
  sinkLogSeq(): number;
  /** Whether no snapshot is left that stands before the message; until then it is seen to. */
  forgetSnapshots(beforeSeq: number): Promise<boolean>;
}

export interface ErasureKeeperParts {
  readonly eraser: AnalyticsEraser;
  /** Absent: there are no topic trees here. */
  readonly topics?: Pick<TopicEraser, 'mark' | 'isForgotten'> | undefined;
  readonly owners: () => Iterable<ErasableOwner>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it looks; `LOOK_EVERY_MS` where nothing is said. */
  readonly everyMs?: number;
  readonly marginMs?: number;
}

interface Progress {
  readonly owner: ErasableOwner;
  readonly finished: Set<number>;
  /** By erasure: the last message that may be of the device's former life. */
  readonly through: Map<number, number>;
  /** By erasure: where its marks stand in the topic trees, by partition. */
  readonly marked: Map<number, readonly number[]>;
}

export class ErasureKeeper {
  readonly #parts: ErasureKeeperParts;
  readonly #progress = new Map<number, Progress>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: ErasureKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look().then(() => {
        if (!this.#stopped) this.start();
      });
    }, this.#parts.everyMs ?? LOOK_EVERY_MS);
  }

  /** Resolves when it looks no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Takes each erasure as far as it goes now. Failures are tried again at the next look. */
  async look(): Promise<void> {
    for (const owner of this.#parts.owners()) {
      try {
        await this.#lookAt(owner);
      } catch (error) {
        this.#parts.log.warn('erasure-waits', { partition: owner.partition, error: messageOf(error) });
      }
    }
  }

  async #lookAt(owner: ErasableOwner): Promise<void> {
    const known = await owner.erasures();
    if (known === undefined || known.length === 0) return;
    const progress = await this.#progressOf(owner);
    for (const erasure of known) {
      if (this.#stopped) return;
      if (!progress.finished.has(erasure.seq)) await this.#goOn(progress, erasure);
    }
  }

  async #goOn(progress: Progress, erasure: Erasure): Promise<void> {
    const { clock, eraser, log, marginMs = MARGIN_MS } = this.#parts;
    const { finished, owner, through } = progress;
    const { device, index, seq, tenant } = erasure;
    if (clock.now() <= erasure.logMs + ERASURE_GRACE_MS + marginMs) return;
    const throughLogSeq = through.get(seq) ?? (await owner.lastSeq());
    through.set(seq, throughLogSeq);
    const { partition } = owner;
    // Rows that are written later would stay.
    if (owner.sinkLogSeq() < throughLogSeq) return;
    if (!(await eraser.erase({ partition, tenant, device, throughLogSeq }))) return;
    // What the fold published for the device has long followed its rows.
    if (!(await this.#topicsForgot(progress, erasure))) return;
    if (!(await owner.forgetSnapshots(seq))) return;
    await eraser.finish({ partition, seq, index, tenant, device });
    finished.add(seq);
    through.delete(seq);
    progress.marked.delete(seq);
    log.info('device-erased', { partition, seq });
  }

  async #topicsForgot({ marked }: Progress, erasure: Erasure): Promise<boolean> {
    const { topics } = this.#parts;
    if (topics === undefined) return true;
    const marks = marked.get(erasure.seq) ?? (await topics.mark(erasure));
    if (marks === undefined) return false;
    marked.set(erasure.seq, marks);
    return topics.isForgotten(erasure, marks);
  }

  /** Another owner begins again: it has another sink, and another may have finished meanwhile. */
  async #progressOf(owner: ErasableOwner): Promise<Progress> {
    const found = this.#progress.get(owner.partition);
    if (found?.owner === owner) return found;
    const made: Progress = {
      owner,
      finished: new Set(await this.#parts.eraser.finished(owner.partition)),
      through: new Map(),
      marked: new Map(),
    };
    this.#progress.set(owner.partition, made);
    return made;
  }
}
