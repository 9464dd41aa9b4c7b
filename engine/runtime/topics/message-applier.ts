/** Takes one message of a topic partition after the other apart: keys for the index, what is to be retained, and whose goes. */
import { KIND } from '../../../schemas/envelope.ts';
import { EventBatchReader, EventReader } from '../../../schemas/gen/lean.ts';
import { placeOf } from '../../kernel/position.ts';
import { keyOf, tenantSeed } from '../../kernel/topic-key.ts';
import type { LogMessage } from '../../ports/input-log.ts';
import type { IndexWriter } from './index-writer.ts';
import type { RetainedState } from './retained-state.ts';
import type { WritersSeen } from './writers-seen.ts';

const RETAIN = 4;
const TENANTS_KNOWN_MAX = 1_000;

export class MessageApplier {
  readonly #state: RetainedState;
  readonly #writers: WritersSeen;
  readonly #index: IndexWriter;
  readonly #batch = new EventBatchReader();
  readonly #event = new EventReader();
  readonly #seeds = new Map<string, number>();

  constructor(parts: { readonly state: RetainedState; readonly writers: WritersSeen; readonly index: IndexWriter }) {
    this.#state = parts.state;
    this.#writers = parts.writers;
    this.#index = parts.index;
  }

  /** `retainedFrom`: what is before it is reflected already. The index is told what it hasn't. */
  async apply(message: LogMessage, retainedFrom: number, nowMs: number): Promise<void> {
    const { data, seq } = message;
    const batch = this.#batch;
    const isIndexed = seq < this.#index.nextSeq;
    if (!isIndexed) {
      const closing = this.#index.begin(seq);
      if (closing !== undefined) await closing;
    }
    if (!batch.read(data, 0, data.length)) return;
    const mayRetain = seq >= retainedFrom && this.#writers.isNew(batch.edgeEpoch, batch.counter);
    if (isIndexed && !mayRetain) return;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
    const r = this.#event;
    for (let i = 0; i < batch.eventsCount; i++) {
      const start = batch.eventsStarts[i] as number;
      const end = batch.eventsEnds[i] as number;
      if (!r.read(data, start, end) || (r.kind !== KIND.published && r.kind !== KIND.erased)) continue;
      const tenant = bytes.toString('latin1', r.tenantStart, r.tenantEnd);
      if (r.kind === KIND.erased) {
        if (mayRetain) this.#state.forget({ tenant, device: bytes.toString('latin1', r.deviceStart, r.deviceEnd), place: placeOf(seq, i) });
        continue;
      }
      if (!isIndexed) this.#index.add(keyOf(this.#seedOf(tenant), data, r.topicStart, r.topicEnd));
      if (!mayRetain || (r.publishFlags & RETAIN) === 0) continue;
      const topic = bytes.toString('latin1', r.topicStart, r.topicEnd);
      const facts = { tenant, topic, place: placeOf(seq, i), expiresMs: r.expiresMs, isEmpty: r.payloadStart === r.payloadEnd };
      this.#state.apply(facts, data.subarray(start, end), nowMs);
    }
  }

  #seedOf(tenant: string): number {
    let seed = this.#seeds.get(tenant);
    if (seed === undefined) {
      if (this.#seeds.size >= TENANTS_KNOWN_MAX) this.#seeds.clear();
      seed = tenantSeed(tenant);
      this.#seeds.set(tenant, seed);
    }
    return seed;
  }
}
