/**
 * Messages that wait in memory for a client's window, in order. Bounded for each client, and for all of the process together:
 * what finds no place here waits in the log.
 */
import type { Ticket } from '../broker/shared-group.ts';
import type { TopicMessage } from '../broker/topic-message.ts';
import type { Sending } from './encode-publish.ts';

const BYTES_MAX = 256 * 1024;
const MESSAGES_MAX = 1_000;
/** Of all clients together; beyond it one message may wait for each. */
const ALL_BYTES_MAX = 128 * 1024 * 1024;

export interface Waiting {
  readonly message: TopicMessage;
  readonly sending: Sending;
  readonly ticket: Ticket | undefined;
}

/** A message that waits for several clients counts for each. */
let allBytes = 0;

export class WaitingMessages {
  #queue: Waiting[] = [];
  #bytes = 0;

  get count(): number {
    return this.#queue.length;
  }

  /** Whether it is worth while to bring more. */
  get hasRoom(): boolean {
    return this.#bytes < BYTES_MAX / 2 && this.#queue.length < MESSAGES_MAX / 2;
  }

  /** False: there is no room. */
  put(message: TopicMessage, sending: Sending, ticket: Ticket | undefined): boolean {
    const { bytes } = message;
    if (this.#bytes + bytes > BYTES_MAX || this.#queue.length >= MESSAGES_MAX) return false;
    if (allBytes > ALL_BYTES_MAX && this.#queue.length > 0) return false;
    this.#queue.push({ message: message.owned(), sending, ticket });
    this.#count(bytes);
    return true;
  }

  /** Takes out from the front while `mayTake` says so. */
  drain(mayTake: () => boolean, each: (waiting: Waiting) => void): void {
    let taken = 0;
    for (const waiting of this.#queue) {
      if (!mayTake()) break;
      taken++;
      this.#count(-waiting.message.bytes);
      each(waiting);
    }
    if (taken > 0) this.#queue.splice(0, taken);
  }

  /** The lowest place in the partition, but of what is shared. */
  lowestIn(partition: number): number | undefined {
    // The first of a partition is its lowest: they came in order.
    return this.#queue.find(({ message, ticket }) => message.partition === partition && message.place !== 0 && ticket === undefined)
      ?.message.place;
  }

  clear(): readonly Waiting[] {
    const all = this.#queue;
    this.#queue = [];
    this.#count(-this.#bytes);
    return all;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    allBytes += bytes;
  }
}
