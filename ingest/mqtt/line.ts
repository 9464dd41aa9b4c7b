/** A connection as what works for it sees it: where packets go, and what may be asked of it. */
import type { Buffer } from 'node:buffer';
import type { Blocked } from './connection-context.ts';
import type { MqttRefusal } from './counters.ts';
import type { ClientLimits } from './encode.ts';
import type { ReasonCode } from './packets.ts';

/** How the client took leave. */
export interface Leave {
  readonly reason: number;
  readonly sendsWill: boolean;
  /** Undefined: as CONNECT had it. */
  readonly expiryS: number | undefined;
}

/** The connection, as its session sees it. */
export interface Line {
  readonly limits: ClientLimits;
  /** Goes out with the next flush; `isBulk`: more is coming, so that may be some milliseconds later. */
  send(bytes: Buffer, isBulk?: boolean): void;
  /** Bytes that wait for the socket. */
  unwritten(): number;
  /** There are acknowledgements to be written. */
  ready(): void;
  /** Says why, where the version can, and ends the connection. */
  end(reason: ReasonCode, why: MqttRefusal, text?: string): false;
  /** The client takes leave. */
  leave(leave: Leave): void;
  block(why: Blocked): void;
  unblock(why: Blocked): void;
}
