/**
 * Messages that the fold has decided to send into topic partitions and not said yet. A message of the log releases so many
 * bytes of them and no more, so that no control record grows beyond what the log takes, however many wills fall due at
 * once; the rest goes with the messages after it. What is here is part of the state.
 */

/** With what else a message decides, a record stays below the largest message of the log, 1 MB. */
const RELEASED_BYTES_MAX = 320 * 1024;
/** A message that decided much itself still releases so much, which is one message of any size that an event may have. */
const RELEASED_BYTES_MIN = 64 * 1024;

export interface OutboxMessage {
  readonly target: number;
  /** An encoded `Event` of KIND_PUBLISHED, but for the fields that say from which effect it came. */
  readonly event: Uint8Array;
}

export class Outbox {
  #messages: OutboxMessage[] = [];
  /** Those before it were released. */
  #next = 0;

  get count(): number {
    return this.#messages.length - this.#next;
  }

  add(message: OutboxMessage): void {
    this.#messages.push(message);
  }

  /** What goes now, oldest first, when so many bytes were decided otherwise; at least one where there is any. */
  release(decidedBytes: number): readonly OutboxMessage[] {
    if (this.count === 0) return NO_MESSAGES;
    const most = Math.max(RELEASED_BYTES_MIN, RELEASED_BYTES_MAX - decidedBytes);
    let bytes = 0;
    const released: OutboxMessage[] = [];
    for (; this.#next < this.#messages.length; this.#next++) {
      const message = this.#messages[this.#next] as OutboxMessage;
      bytes += message.event.length + EFFECT_BYTES;
      if (bytes > most && released.length > 0) break;
      released.push(message);
    }
    if (this.#next * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#next);
      this.#next = 0;
    }
    return released;
  }

  /** Oldest first. */
  list(): readonly OutboxMessage[] {
    return this.#messages.slice(this.#next);
  }
}

/** Of an effect beside its event: kind, target, and whence it comes. */
const EFFECT_BYTES = 48;
const NO_MESSAGES: readonly OutboxMessage[] = [];
