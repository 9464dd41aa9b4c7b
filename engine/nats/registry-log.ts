/** The registry's stream: decisions fenced by their subject's last sequence, followed by whoever caches them. */
import { DeliverPolicy, jetstream, jetstreamManager, type ConsumerMessages, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type MsgHdrs, type NatsConnection, nuid } from '@nats-io/transport-node';
import { assert } from '../kernel/assert.ts';
import { hasCode, TwinfoldError } from '../kernel/errors.ts';
import { APPEND_MANY_MAX, type AppendOutcome, type RegistryAppend, type RegistryEntry, type RegistryLog } from '../ports/registry.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';
import { watchConnection } from './connection.ts';
import { REGISTRY_STREAM } from './names.ts';

const EXPECTED_LAST_SUBJECT_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';
const WRONG_LAST_SEQUENCE = 10071;
const BATCH_ID = 'Nats-Batch-Id';
const BATCH_SEQUENCE = 'Nats-Batch-Sequence';
const BATCH_COMMIT = 'Nats-Batch-Commit';
const AHEAD_MESSAGES = 1_000;
/** How far back a search for old entries goes at a time. */
const WINDOW_MIN = 2_000;
const WINDOW_MAX = 32_000;
/** A search that finds nothing more ends by then. */
const FETCH_MS = 1_000;
const RETRY_MS = 200;

export class NatsRegistryLog implements RegistryLog {
  readonly #connection: NatsConnection;
  readonly #publisher: AckedPublisher;
  readonly #manager: Promise<JetStreamManager>;

  constructor(connection: NatsConnection, publisher: AckedPublisher) {
    this.#connection = connection;
    this.#publisher = publisher;
    this.#manager = jetstreamManager(connection, { checkAPI: false });
  }

  async append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#publisher.publish({ subject, data, headers: fenced(expectedLastSeq) }, (answer) => {
        if (answer.kind === 'stored') resolve(answer.seq);
        else reject(errorOf(answer, subject));
      });
    });
  }

  /**
   * As one atomic batch, which costs one fsync in place of one for each entry; one by one where the server, or a conflict,
   * doesn't let it be one.
   */
  async appendMany(entries: readonly RegistryAppend[]): Promise<readonly AppendOutcome[]> {
    assert(entries.length <= APPEND_MANY_MAX, 'no more than a batch holds');
    const answer = entries.length < 2 ? undefined : await this.#publishBatch(entries);
    switch (answer?.kind) {
      case 'stored':
        return entries.map((_entry, i) => ({ ok: true, seq: answer.seq - entries.length + 1 + i }));
      case 'unknown':
        return entries.map(() => ({ ok: false, why: 'unknown' }));
      default:
        return Promise.all(entries.map(async (entry) => this.#outcome(entry)));
    }
  }

  async last(subject: string): Promise<RegistryEntry | undefined> {
    const manager = await this.#manager;
    const stored = await manager.streams.getMessage(REGISTRY_STREAM, { last_by_subj: subject });
    return stored === null ? undefined : { seq: stored.seq, subject: stored.subject, data: stored.data };
  }

  async history(filter: string, before: number, limit: number): Promise<readonly RegistryEntry[]> {
    const manager = await this.#manager;
    const { state } = await manager.streams.info(REGISTRY_STREAM);
    const found: RegistryEntry[] = [];
    let end = Math.min(before, state.last_seq + 1);
    for (let window = WINDOW_MIN; end > 1 && found.length < limit; window = Math.min(window * 4, WINDOW_MAX)) {
      const start = Math.max(1, end - window);
      const entries = await this.#range(filter, start, end);
      found.push(...entries.toReversed());
      end = start;
    }
    return found.slice(0, limit);
  }

  /** Entries of `[start, end)` that fit the filter. */
  async #range(filter: string, start: number, end: number): Promise<readonly RegistryEntry[]> {
    const consumer = await jetstream(this.#connection).consumers.get(REGISTRY_STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: start,
      filter_subjects: [filter],
    });
    const entries: RegistryEntry[] = [];
    for (;;) {
      const messages = await consumer.fetch({ max_messages: AHEAD_MESSAGES, expires: FETCH_MS });
      let more = false;
      for await (const message of messages) {
        if (message.seq >= end) return entries;
        entries.push({ seq: message.seq, subject: message.subject, data: message.data });
        more = message.info.pending > 0;
        if (!more) break;
      }
      if (!more) return entries;
    }
  }

  async #outcome({ subject, data, expectedLastSeq }: RegistryAppend): Promise<AppendOutcome> {
    try {
      return { ok: true, seq: await this.append(subject, data, expectedLastSeq) };
    } catch (error) {
      return { ok: false, why: hasCode(error, 'conflict') ? 'conflict' : 'unknown' };
    }
  }

  async #publishBatch(entries: readonly RegistryAppend[]): Promise<PublishAnswer> {
    const id = nuid.next();
    return new Promise((resolve) => {
      for (const [i, { subject, data, expectedLastSeq }] of entries.entries()) {
        const inBatch = fenced(expectedLastSeq);
        inBatch.set(BATCH_ID, id);
        inBatch.set(BATCH_SEQUENCE, String(i + 1));
        if (i < entries.length - 1) {
          if (!this.#publisher.send({ subject, data, headers: inBatch })) return resolve({ kind: 'unknown' });
          continue;
        }
        inBatch.set(BATCH_COMMIT, '1');
        this.#publisher.publish({ subject, data, headers: inBatch }, resolve);
      }
    });
  }

  follow(onEntry: (entry: RegistryEntry) => void, caughtUp: () => void): { stop(): Promise<void> } {
    const follower = new RegistryFollower(this.#connection, onEntry, caughtUp);
    const done = follower.run();
    return {
      stop: async () => {
        follower.stop();
        await done;
      },
    };
  }
}

function fenced(expectedLastSeq: number): MsgHdrs {
  const fence = headers();
  fence.set(EXPECTED_LAST_SUBJECT_SEQUENCE, String(expectedLastSeq));
  return fence;
}

function errorOf(answer: Exclude<PublishAnswer, { kind: 'stored' }>, subject: string): TwinfoldError {
  if (answer.kind !== 'refused')
    return new TwinfoldError('unknown-outcome', 'the registry did not answer: the change may have been made', {
      domain: 'external',
      retryable: true,
    });
  return answer.code === WRONG_LAST_SEQUENCE
    ? new TwinfoldError('conflict', `${subject} was changed by somebody else`, { domain: 'device', retryable: true })
    : new TwinfoldError('log-full', `the registry refused the write: ${answer.description}`, { domain: 'external', retryable: true });
}

class RegistryFollower {
  readonly #connection: NatsConnection;
  readonly #onEntry: (entry: RegistryEntry) => void;
  readonly #caughtUp: () => void;
  #messages: ConsumerMessages | undefined;
  #next = 1;
  #stopped = false;

  constructor(connection: NatsConnection, onEntry: (entry: RegistryEntry) => void, caughtUp: () => void) {
    this.#connection = connection;
    this.#onEntry = onEntry;
    this.#caughtUp = caughtUp;
    void watchConnection(connection, { onReconnect: () => this.#messages?.stop() });
  }

  stop(): void {
    this.#stopped = true;
    this.#messages?.stop();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#consume();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #consume(): Promise<void> {
    const consumer = await jetstream(this.#connection).consumers.get(REGISTRY_STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
    });
    if ((await consumer.info()).num_pending === 0) this.#caughtUp();
    const messages = await consumer.consume({ max_messages: AHEAD_MESSAGES });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    for await (const message of messages) {
      if (message.seq >= this.#next) {
        this.#next = message.seq + 1;
        this.#onEntry({ seq: message.seq, subject: message.subject, data: message.data });
      }
      if (message.info.pending === 0) this.#caughtUp();
    }
  }
}
