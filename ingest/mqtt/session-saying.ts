/** What the log is told of a kept session while it is connected: when something must be known, and now and then how far it has come. */
import { PACKET_IDS_UNSAID_MAX } from '../../engine/kernel/limits.ts';
import type { ConnectionRecord } from '../broker/connection-record.ts';
import type { ClientSession } from './client-session.ts';
import type { Line } from './line.ts';
import { REASON } from './packets.ts';

export interface SessionSayingParts {
  readonly session: ClientSession;
  readonly record: ConnectionRecord;
  readonly line: Pick<Line, 'end'>;
  readonly nowMs: number;
}

/** How often it says how far it has come, while messages go to it. */
const SAY_MS = 10_000;
/** Between two looks a client may be given as many identifiers again. */
const IDS_MAX = PACKET_IDS_UNSAID_MAX / 2;

export class SessionSaying {
  readonly #session: ClientSession;
  readonly #record: ConnectionRecord;
  readonly #line: Pick<Line, 'end'>;
  #waiting: (() => void)[] = [];
  #saidMs: number;
  #sentWhenSaid = 0;
  #isFlightDue = false;

  constructor({ line, nowMs, record, session }: SessionSayingParts) {
    this.#session = session;
    this.#record = record;
    this.#line = line;
    this.#saidMs = nowMs;
  }

  /** Says what changed; all who ask in one turn share one event. `done` hears when the log has it. */
  say(done: () => void): void {
    this.#waiting.push(done);
    if (this.#waiting.length === 1) setImmediate(() => this.#say());
  }

  sweep(nowMs: number): void {
    const sent = this.#session.outgoing.sent - this.#sentWhenSaid;
    if (nowMs - this.#saidMs < SAY_MS && sent < IDS_MAX) return;
    this.#saidMs = nowMs;
    if (sent === 0 && !this.#session.isUnsaid) return;
    this.#sentWhenSaid += sent;
    this.#isFlightDue = true;
    this.say(() => undefined);
  }

  #say(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const session = this.#session;
    if (session.isClosed) return;
    const change = (): ReturnType<ClientSession['changes']> => {
      const withFlights = this.#isFlightDue;
      this.#isFlightDue = false;
      return session.changes(withFlights ? 'flights' : 'changes');
    };
    this.#record.change(change, (isStored) => {
      if (session.isClosed) return;
      if (isStored) for (const done of waiting) done();
      else this.#line.end(REASON.QUOTA_EXCEEDED, 'log-unavailable');
    });
  }
}
