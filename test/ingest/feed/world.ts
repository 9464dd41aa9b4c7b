/** Two logs in memory, written as writers and owners write them, and what a feed over them has to tell. */
import { MemoryControlLog } from '../../../engine/memory/memory-control-log.ts';
import { MemoryInputLog } from '../../../engine/memory/memory-input-log.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { QUARANTINED } from '../../../engine/kernel/outcome.ts';
import type { RecordFollower, RecordLogReader } from '../../../engine/ports/record-log.ts';
import { LogFeed } from '../../../ingest/feed/log-feed.ts';
import { slotOf } from '../../../ingest/feed/place.ts';
import type { FeedKind } from '../../../ingest/feed/feed-item.ts';
import { encodeControlRecord, KIND } from '../../../schemas/envelope.ts';
import type { DecisionInit, EventInit } from '../../../schemas/gen/lean.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';

export interface Told {
  readonly id: string;
  readonly partition: number;
  readonly seq: number;
  readonly slot: number;
  readonly tenant: string;
  readonly device: string;
  readonly kind: FeedKind;
}

/** What a test says of an event; its payload is an id that no other has. */
export interface Said {
  readonly tenant: string;
  readonly device: string;
  readonly what: 'telemetry' | 'quarantined' | 'other';
  /** Decisions that it causes. */
  readonly decides: readonly ('presence' | 'reported' | 'quota')[];
}

interface Waiting {
  readonly seq: number;
  readonly said: readonly Said[];
  readonly ids: readonly string[];
}

const DECISIONS: Readonly<Record<'presence' | 'reported' | 'quota', DecisionInit & { readonly tells?: FeedKind }>> = {
  presence: { kind: 'presence', section: 'presence', state: 'connected', tells: 'presence' },
  reported: { kind: 'twin', section: 'reported', tells: 'twin' },
  quota: { kind: 'quota' },
};

export class FeedWorld {
  readonly partitions: number;
  readonly input = new MemoryInputLog();
  readonly records: MemoryControlLog;
  readonly feed: LogFeed;
  /** Of all that is committed, by partition, in order. */
  readonly told: Told[][];
  nowMs = 1_000;
  #counter = 0;
  readonly #waiting: Waiting[][];
  readonly #ends: number[];

  readonly #keptBytesMax: number | undefined;
  readonly #followers = new Set<() => void>();

  constructor(partitions: number, keptBytesMax?: number) {
    this.partitions = partitions;
    this.#keptBytesMax = keptBytesMax;
    this.records = new MemoryControlLog(() => this.nowMs);
    this.told = Array.from({ length: partitions }, () => []);
    this.#waiting = Array.from({ length: partitions }, () => []);
    this.#ends = Array.from({ length: partitions }, () => 0);
    this.feed = this.newFeed();
  }

  /** As another edge has it. */
  newFeed(): LogFeed {
    const clock = { now: () => this.nowMs, monotonic: () => performance.now() };
    const { input, partitions } = this;
    const kept = this.#keptBytesMax === undefined ? {} : { keptBytesMax: this.#keptBytesMax };
    return new LogFeed({ input, records: this.#breakable(), partitions, clock, log: silentLog, retryMs: 1, ...kept });
  }

  /** Whoever follows a control log now has its reading fail. */
  breakFollowers(): void {
    for (const cut of this.#followers) cut();
    this.#followers.clear();
  }

  #breakable(): RecordLogReader {
    const { records } = this;
    const follow = (partition: number, from: number): RecordFollower => {
      const follower = records.follow(partition, from);
      const broken = new Promise<never>((_, reject) => {
        const cut = (): void => reject(new Error('the connection broke'));
        this.#followers.add(cut);
      });
      broken.catch(() => undefined);
      return {
        stop: () => follower.stop(),
        async *[Symbol.asyncIterator]() {
          const entries = follower[Symbol.asyncIterator]();
          for (;;) {
            const read = await Promise.race([entries.next(), broken]);
            if (read.done === true) return;
            yield read.value;
          }
        },
      };
    };
    return { follow, get: async (p, seq) => records.get(p, seq), bounds: async (p) => records.bounds(p) };
  }

  partitionOf(tenant: string, device: string): number {
    return partitionOf(tenant, device, this.partitions);
  }

  /** A message of events that are all of the partition. */
  append(partition: number, said: readonly Said[]): void {
    const ids = said.map(() => `e${++this.#counter}`);
    const events = said.map((each, i): EventInit => {
      const kind = each.what === 'other' ? KIND.connected : KIND.telemetry;
      return jsonEvent(each.device, { id: ids[i] }, { tenant: each.tenant, kind });
    });
    this.nowMs += 1;
    const seq = this.input.append(partition, batchOf({ edgeEpoch: 1, counter: this.#counter, events }), this.nowMs);
    this.#waiting[partition]?.push({ seq, said, ids });
  }

  /** The owner commits a record over the next messages; none: a record that covers nothing. */
  async commit(partition: number, messages: number): Promise<void> {
    const covered = this.#waiting[partition]?.splice(0, messages) ?? [];
    const fromSeq = (this.#ends[partition] ?? 0) + 1;
    const toSeq = covered.at(-1)?.seq ?? fromSeq - 1;
    const runs = { seqDelta: [], index: [], count: [], outcome: [], reason: [], originalSeq: [], originalIndex: [] } as Record<
      'seqDelta' | 'index' | 'count' | 'outcome' | 'reason' | 'originalSeq' | 'originalIndex',
      number[]
    >;
    const decisions: DecisionInit[] = [];
    const told: Told[] = [];
    for (const { seq, said, ids } of covered) {
      for (const [index, each] of said.entries()) {
        const { tenant, device } = each;
        const common = { partition, seq, tenant, device };
        let items = 0;
        if (each.what === 'quarantined') {
          for (const [name, value] of Object.entries({ seqDelta: seq - fromSeq, index, count: 1, outcome: QUARANTINED, reason: 5 }))
            runs[name as keyof typeof runs].push(value);
          runs.originalSeq.push(0);
          runs.originalIndex.push(0);
        } else if (each.what === 'telemetry')
          told.push({ ...common, id: ids[index] ?? '', slot: slotOf(index, items++), kind: 'telemetry' });
        for (const [n, word] of each.decides.entries()) {
          const { tells, ...decision } = DECISIONS[word];
          const id = `${ids[index]}-${word}${n}`;
          decisions.push({ ...decision, tenant, device, causeSeq: seq, causeIndex: index, body: Buffer.from(JSON.stringify({ id })) });
          if (tells !== undefined) told.push({ ...common, id, slot: slotOf(index, items), kind: tells });
          items++;
        }
      }
    }
    this.#ends[partition] = toSeq;
    const data = encodeControlRecord({
      fromSeq,
      toSeq,
      last: { seq: toSeq },
      logMsBefore: 0,
      logMs: this.nowMs,
      decisions,
      ...(runs.seqDelta.length === 0 ? {} : { exceptions: runs }),
    });
    await this.records.append(partition, data, await this.records.lastSeq(partition));
    // Synchronously after it is there: who opens from now on must not be promised it.
    this.told[partition]?.push(...told);
  }

  waiting(partition: number): number {
    return this.#waiting[partition]?.length ?? 0;
  }

  covered(partition: number): number {
    return this.#ends[partition] ?? 0;
  }
}
