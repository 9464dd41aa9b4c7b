/**
 * Publishing with JetStream acknowledgements at a tenth of the client's own cost: one inbox subscription, a numbered
 * reply subject for each message, and one timer that sweeps deadlines. The caller holds the bytes; nothing is buffered
 * here, and what is in flight when the connection breaks is answered `unknown` at once, because the client drops its
 * buffer at a reconnect without an error.
 */
import { createInbox, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { watchConnection } from './connection.ts';

export type PublishAnswer =
  | { readonly kind: 'stored'; readonly seq: number }
  /** The server refused; `code` is JetStream's error code. */
  | { readonly kind: 'refused'; readonly code: number; readonly description: string }
  /** No stream listens on the subject. */
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'unknown' };

export interface Publish {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs;
}

interface Pending {
  readonly done: (answer: PublishAnswer) => void;
  readonly deadlineMs: number;
}

/** A server that is alive answers in milliseconds; a paused one makes the attempt unknown after this. */
const ANSWER_MS_MAX = 5_000;
const SWEEP_MS = 250;
const UNKNOWN: PublishAnswer = { kind: 'unknown' };

export class AckedPublisher {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #pending = new Map<number, Pending>();
  readonly #sweep: NodeJS.Timeout;
  readonly #reconnected = new Set<(serverId: string) => void>();
  #next = 1;
  #connected = true;

  constructor(connection: NatsConnection, inboxPrefix = '_INBOX') {
    this.#connection = connection;
    this.#inbox = createInbox(inboxPrefix);
    this.#subscription = connection.subscribe(`${this.#inbox}.*`, { callback: (_error, message) => this.#answered(message) });
    this.#sweep = setInterval(() => this.#expire(performance.now()), SWEEP_MS);
    void watchConnection(connection, {
      onDisconnect: () => {
        this.#connected = false;
        this.#expire(Number.POSITIVE_INFINITY);
      },
      onReconnect: (serverId) => {
        this.#connected = true;
        for (const callback of this.#reconnected) callback(serverId);
      },
    });
  }

  connected(): boolean {
    return this.#connected;
  }

  onReconnect(callback: (serverId: string) => void): void {
    this.#reconnected.add(callback);
  }

  /** `done` is called exactly once, never before this returns. */
  publish(message: Publish, done: (answer: PublishAnswer) => void): void {
    if (!this.#connected || this.#connection.isClosed()) {
      queueMicrotask(() => done(UNKNOWN));
      return;
    }
    const id = this.#next++;
    this.#pending.set(id, { done, deadlineMs: performance.now() + ANSWER_MS_MAX });
    const reply = `${this.#inbox}.${id}`;
    const { subject, data, headers } = message;
    try {
      this.#connection.publish(subject, data, headers === undefined ? { reply } : { reply, headers });
    } catch {
      this.#pending.delete(id);
      queueMicrotask(() => done(UNKNOWN));
    }
  }

  /** Publishes without an acknowledgement; false when there is no connection. */
  send({ subject, data, headers }: Publish): boolean {
    if (!this.#connected || this.#connection.isClosed()) return false;
    try {
      this.#connection.publish(subject, data, headers === undefined ? {} : { headers });
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#subscription.unsubscribe();
    this.#expire(Number.POSITIVE_INFINITY);
  }

  #answered(message: Msg): void {
    const id = Number(message.subject.slice(this.#inbox.length + 1));
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.done(readAnswer(message));
  }

  #expire(nowMs: number): void {
    for (const [id, pending] of this.#pending) {
      if (pending.deadlineMs > nowMs) continue;
      this.#pending.delete(id);
      pending.done(UNKNOWN);
    }
  }
}

const SEQ_KEY = Buffer.from('"seq":');
const ERROR_KEY = Buffer.from('"error":');

function readAnswer(message: Msg): PublishAnswer {
  if (message.data.length === 0) return { kind: 'no-stream' };
  const bytes = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.length);
  if (bytes.indexOf(ERROR_KEY) < 0) {
    const at = bytes.indexOf(SEQ_KEY);
    if (at >= 0) return { kind: 'stored', seq: readDigits(bytes, at + SEQ_KEY.length) };
  }
  const answer = message.json<{ error?: { err_code?: number; code?: number; description?: string }; seq?: number }>();
  if (answer.error === undefined) return answer.seq === undefined ? UNKNOWN : { kind: 'stored', seq: answer.seq };
  const { err_code: errorCode, code, description } = answer.error;
  return { kind: 'refused', code: errorCode ?? code ?? 0, description: description ?? '' };
}

function readDigits(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let i = from; i < bytes.length; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit === -16 && value === 0) continue;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
