/** What all WebSockets of an edge share. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Admission } from '../admit.ts';
import type { Tickets } from '../credentials/tickets.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import type { Authenticator, Intake, Principal } from '../message.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { TelemetrySplitter } from '../telemetry/split.ts';

/** Told when a connection is let in, and answers what is told of its end, by the code of its close; both once. */
export interface ConnectionWatch {
  opened(connection: { readonly principal: Principal; readonly tenant: string | undefined; readonly via: number }): {
    closed(code: number): void;
  };
}

export interface WsContext {
  readonly authenticator: Authenticator;
  readonly tickets: Tickets;
  readonly registry: RegistryCache;
  readonly feed: LogFeed;
  readonly intake: Intake;
  /** Answers `via` WebSocket. */
  readonly splitter: TelemetrySplitter;
  /** Undefined: nothing is limited. */
  readonly admission: Admission | undefined;
  readonly clock: Clock;
  /** Who has to know of connections; undefined: nobody. */
  readonly connections?: ConnectionWatch | undefined;
  /** Counts a refusal by the limit that fired, else by its code. */
  readonly refused: (why: string) => void;
  readonly stored: (events: number, ms: number) => void;
}

/** By RFC 6455 §7.4, and the range that is anybody's own. */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  invalidPayload: 1007,
  policy: 1008,
  unauthorized: 4401,
  forbidden: 4403,
  overLimit: 4429,
} as const;
