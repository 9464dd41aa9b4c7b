/** What messages to one client ask of its connection. */
import type { Buffer } from 'node:buffer';
import type { TopicMessage } from '../broker/topic-message.ts';
import type { ClientLimits } from './encode.ts';

/** Why a message is not sent; the closed list, for counting. */
export type Unsent = 'packet-bytes' | 'expired' | 'slow-client' | 'forbidden';

export interface OutgoingOptions {
  readonly limits: ClientLimits;
  /** The client's Receive Maximum. */
  readonly receiveMaximum: number;
  readonly topicAliasMaximum: number;
  /** Whether what is in flight must be in the log. */
  readonly isKept: boolean;
}

/** The connection that it belongs to. */
export interface OutgoingHost {
  now(): number;
  /** Goes out with the next flush. */
  send(bytes: Buffer, isBulk: boolean): void;
  /** Bytes that wait for the socket. */
  unwritten(): number;
  /** Whether the client may still have a message that waited. */
  allows(message: TopicMessage): boolean;
  /** Says what changed in the log, and calls back when it is there. */
  say(done: () => void): void;
  unsent(why: Unsent): void;
  /** Something was acknowledged: there may be room for what was not taken. */
  onRoom(): void;
}
