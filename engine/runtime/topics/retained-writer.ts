/**
 * Writes what is retained beside the log, together with the checkpoint that says how far that reflects the log: the last entry
 * of every append. One append at a time, each fenced by the one before, so that whoever wrote in between is noticed.
 */
import {
  decodeRetainedMessage,
  decodeTopicCheckpoint,
  encodeRetainedMessage,
  encodeTopicCheckpoint,
  type TopicCheckpoint,
} from '../../../schemas/gen/lean.ts';
import { indexOfPlace, seqOfPlace } from '../../kernel/position.ts';
import { CHECKPOINT_NAME, STORE_APPEND_MAX, type StoreEntry } from '../../ports/topic-store.ts';
import { retainedName, type RetainedChange, type RetainedState } from './retained-state.ts';
import type { TopicKeeperParts } from './topic-parts.ts';

const WRITE_BYTES_MAX = 4 * 1024 * 1024;
/** What says that a topic has nothing retained is not needed once a checkpoint is behind it. */
const GONE_TTL_S = 3_600;
const NOTHING: TopicCheckpoint = { seq: 0, timestampMs: 0, edgeEpoch: 0, counter: 0, instance: '', writer: [], writerCounter: [] };

export class RetainedWriter {
  readonly #parts: Pick<TopicKeeperParts, 'instance' | 'log' | 'partition' | 'retained'>;
  readonly #state: RetainedState;
  /** Last sequence of the store. */
  #storeSeq = 0;
  #checkpoint = NOTHING;
  #written = 0;

  constructor(parts: Pick<TopicKeeperParts, 'instance' | 'log' | 'partition' | 'retained'>, state: RetainedState) {
    this.#parts = parts;
    this.#state = state;
  }

  get checkpoint(): TopicCheckpoint {
    return this.#checkpoint;
  }

  /** Changes that were written. */
  get written(): number {
    return this.#written;
  }

  /** Takes in what the store has, and claims it: rejects with `fenced` when somebody wrote meanwhile. */
  async load(): Promise<void> {
    const { instance, log, partition, retained } = this.#parts;
    const lastSeq = await retained.lastSeq(partition);
    let damaged = 0;
    if (lastSeq > 0) {
      for await (const { data, name } of retained.read(partition, { filter: '>', untilSeq: lastSeq })) {
        if (name === CHECKPOINT_NAME) this.#checkpoint = decodeTopicCheckpoint(data) ?? NOTHING;
        else damaged += Number(!this.#state.load(data));
      }
    }
    if (damaged > 0) log.error('retained-damaged', { partition, messages: damaged });
    this.#storeSeq = await retained.append(partition, [checkpointEntry({ ...this.#checkpoint, instance })], lastSeq);
  }

  /** Nothing of the log counts as reflected any more. */
  forgetCheckpoint(): void {
    this.#checkpoint = NOTHING;
  }

  /** What changed, or some of it. True: that was all, and the checkpoint is `here` now. */
  async write(here: Omit<TopicCheckpoint, 'instance'>): Promise<boolean> {
    const { instance, partition, retained } = this.#parts;
    const changes = this.#state.take({ count: STORE_APPEND_MAX - 1, bytes: WRITE_BYTES_MAX });
    // Only with the last change does everything up to there stand beside the log.
    const isAll = this.#state.changed === 0;
    const checkpoint = isAll ? { ...here, instance } : this.#checkpoint;
    const entries = [...changes.map((change) => entryOf(change)), checkpointEntry(checkpoint)];
    this.#storeSeq = await retained.append(partition, entries, this.#storeSeq);
    this.#state.written();
    this.#checkpoint = checkpoint;
    this.#written += changes.length;
    return isAll;
  }

  /** An event that is not held. */
  async fetch(name: string): Promise<Uint8Array | undefined> {
    for await (const { data } of this.#parts.retained.read(this.#parts.partition, { filter: name })) {
      const event = decodeRetainedMessage(data)?.event;
      return event === undefined || event.length === 0 ? undefined : event;
    }
    return undefined;
  }
}

function checkpointEntry(checkpoint: TopicCheckpoint): StoreEntry {
  return { name: CHECKPOINT_NAME, data: encodeTopicCheckpoint(checkpoint) };
}

function entryOf(change: RetainedChange): StoreEntry {
  const { event, id, place } = change;
  const at = { seq: seqOfPlace(place), index: indexOfPlace(place) };
  if (event === undefined) return { name: retainedName(id), data: encodeRetainedMessage(at), ttlS: GONE_TTL_S };
  return { name: retainedName(id), data: encodeRetainedMessage({ ...at, event }) };
}
