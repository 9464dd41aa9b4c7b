/**
 * What is said to this edge's connections from elsewhere. Whoever speaks names the connection that it means, and a deadline;
 * an owner names its epoch too, and once a newer owner of the partition has spoken, an older one is refused: it doesn't
 * know yet that it is none any more.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { DOWNLINK_CODE, type Downlink, type DownlinkPublish, type DownlinkReplyInit, type DownlinkReport } from '../../schemas/gen/lean.ts';
import type { SessionChangeInit } from '../../schemas/gen/lean.ts';

/** One of `DOWNLINK_CODE`. */
export type DownlinkCode = (typeof DOWNLINK_CODE)[keyof typeof DOWNLINK_CODE];

/** A session whose connection this edge holds. */
export interface LiveSession {
  /** The connection's number; 0 while its CONNECTED event has no place yet. */
  readonly connection: number;
  /** Resolves when it is known whether it goes out. */
  publish(message: DownlinkPublish): Promise<DownlinkCode>;
  /** Tells its client of events that were not accepted, if it listens to that. Undefined: there is no client that could. */
  report?(reports: readonly DownlinkReport[]): DownlinkCode;
  /** Ends the connection, because another one has the session; answers what the session came to. */
  takeOver(): Promise<SessionChangeInit>;
  /** Ends the connection with this MQTT reason code. */
  close(reason: number): void;
}

export interface LiveSessions {
  /** `session`: as `Event.session`. */
  find(tenant: string, session: string): LiveSession | undefined;
}

export class DownlinkDesk {
  readonly #sessions: LiveSessions;
  readonly #clock: Clock;
  /** By partition: the highest epoch of an owner that has spoken. */
  readonly #epochs = new Map<number, number>();

  constructor(sessions: LiveSessions, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** Does what is said, unless it may not be done any more. */
  async take(downlink: Downlink): Promise<DownlinkReplyInit> {
    const { connection, deadlineMs, ownerEpoch, partition, reports, session, tenant } = downlink;
    if (ownerEpoch > 0) {
      const heard = this.#epochs.get(partition) ?? 0;
      if (ownerEpoch < heard) return { code: DOWNLINK_CODE.staleOwner };
      this.#epochs.set(partition, ownerEpoch);
    }
    if (deadlineMs > 0 && this.#clock.now() > deadlineMs) return { code: DOWNLINK_CODE.tooLate };
    const live = this.#sessions.find(tenant, session);
    if (live === undefined) return { code: DOWNLINK_CODE.offline };
    if (live.connection !== connection) return { code: DOWNLINK_CODE.offline, connection: live.connection };
    if (downlink.publish !== undefined) return { code: await live.publish(downlink.publish), connection };
    if (downlink.takeOver === true) return { code: DOWNLINK_CODE.ok, connection, last: await live.takeOver() };
    if (reports !== undefined) return { code: live.report?.(reports.reports) ?? DOWNLINK_CODE.notSubscribed, connection };
    // What a newer version may say, and this one doesn't know, isn't done.
    if (downlink.close === undefined) return { code: DOWNLINK_CODE.notSubscribed, connection };
    live.close(downlink.close);
    return { code: DOWNLINK_CODE.ok, connection };
  }
}
