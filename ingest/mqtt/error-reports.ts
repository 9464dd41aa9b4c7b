/**
 * `v1/errors`: what a client can't be told otherwise, as messages to its own subscription. A refusal of a message that is
 * not acknowledged, or that MQTT 3.1.1 has no word for; an event that was acknowledged, and that the fold did not accept. Of one
 * that was for another device, to that device's errors, where the gateway listens to those.
 */
import { Buffer } from 'node:buffer';
import { matches } from '../../engine/domain/topic-filter.ts';
import type { DownlinkReport } from '../../schemas/gen/lean.ts';
import { TopicMessage } from '../broker/topic-message.ts';
import type { ClientSession } from './client-session.ts';
import type { Refusal } from './refusals.ts';
import { GATEWAY, gatewayDeviceOf } from './topics.ts';

/** What a client reads; `topic` is the one that it published to. */
interface ReportBody {
  readonly topic: string;
  readonly code: string;
  /** Of an event that is stored. */
  readonly position?: string | undefined;
  readonly limit?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** For people. */
  readonly detail?: string | undefined;
}

const ERRORS = 'v1/errors';
/** A flood is refused as often as it comes, and its sender has seen why after these; what is more is counted. */
const REPORTS_A_SECOND_MAX = 50;
const SECOND_MS = 1_000;

/** `no-room`: somebody listens, but this second holds too many, or the client doesn't read. */
export type Reported = 'sent' | 'no-room' | 'nobody';

export interface ErrorReportsParts {
  readonly session: ClientSession;
  /** On a clock that never goes back. */
  readonly nowMs: () => number;
  /** Hears of each report that somebody would have had. */
  readonly unsent: () => void;
}

export class ErrorReports {
  readonly #parts: ErrorReportsParts;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #reports = 0;

  constructor(parts: ErrorReportsParts) {
    this.#parts = parts;
  }

  /** A message that was not taken. */
  refused(topic: string, { limit, retryAfterMs, text, why }: Refusal): Reported {
    const code = limit === undefined ? why : retryAfterMs === undefined ? 'too-large' : 'rate-limited';
    return this.#report({ topic, code, limit, retryAfterMs, detail: text });
  }

  /** An event that was stored and acknowledged, and that the fold did not accept. */
  turnedDown({ code, position, topic }: DownlinkReport): Reported {
    return this.#report({ topic, code, position });
  }

  #report(body: ReportBody): Reported {
    const to = this.#subscribed(body.topic);
    if (to === undefined) return 'nobody';
    const { nowMs, session, unsent } = this.#parts;
    if (nowMs() - this.#sinceMs >= SECOND_MS) {
      this.#sinceMs = nowMs();
      this.#reports = 0;
    }
    if (++this.#reports <= REPORTS_A_SECOND_MAX && session.push(this.#message(to.topic, body), to.qos)) return 'sent';
    unsent();
    return 'no-room';
  }

  /** Where the report goes, and with which QoS; undefined: nobody listens. */
  #subscribed(topic: string): { readonly topic: string; readonly qos: number } | undefined {
    const device = gatewayDeviceOf(topic);
    for (const name of device === undefined ? [ERRORS] : [`${GATEWAY}${device}/errors`, ERRORS]) {
      for (const { filter, qos } of this.#parts.session.subscriptions())
        if (matches(filter, name)) return { topic: name, qos: Math.min(qos, 1) };
    }
    return undefined;
  }

  #message(topic: string, body: ReportBody): TopicMessage {
    return new TopicMessage({
      tenant: this.#parts.session.tenant,
      topic,
      topicBytes: Buffer.from(topic),
      payload: Buffer.from(JSON.stringify(body)),
      properties: new Uint8Array(0),
      qos: 1,
      retain: false,
      expiresMs: 0,
      session: '',
      at: undefined,
    });
  }
}
