/**
 * `v1/errors`: what a client can't be told otherwise, as messages to its own subscription. A refusal of a message that is
 * not acknowledged, or that MQTT 3.1.1 has no word for; of one that was for another device, to that device's errors, where
 * the gateway listens to those.
 */
import { Buffer } from 'node:buffer';
import { matches } from '../../engine/domain/topic-filter.ts';
import { TopicMessage } from '../broker/topic-message.ts';
import type { ClientSession } from './client-session.ts';
import type { Refusal } from './refusals.ts';
import { GATEWAY, gatewayDeviceOf } from './topics.ts';

const ERRORS = 'v1/errors';
/** A flood is refused as often as it comes, and its sender has seen why after these; what is more is counted. */
const REPORTS_A_SECOND_MAX = 50;
const SECOND_MS = 1_000;

export class ErrorReports {
  readonly #session: ClientSession;
  readonly #unsent: () => void;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #reports = 0;

  /** `unsent` hears of each report that somebody would have had. */
  constructor(session: ClientSession, unsent: () => void) {
    this.#session = session;
    this.#unsent = unsent;
  }

  /** `nowMs` on a clock that never goes back. */
  report(topic: string, refusal: Refusal, nowMs: number): void {
    const to = this.#subscribed(topic);
    if (to === undefined) return;
    if (nowMs - this.#sinceMs >= SECOND_MS) {
      this.#sinceMs = nowMs;
      this.#reports = 0;
    }
    const isSent = ++this.#reports <= REPORTS_A_SECOND_MAX && this.#session.push(this.#message(to.topic, bodyOf(topic, refusal)), to.qos);
    if (!isSent) this.#unsent();
  }

  /** Where the report goes, and with which QoS; undefined: nobody listens. */
  #subscribed(topic: string): { readonly topic: string; readonly qos: number } | undefined {
    const device = gatewayDeviceOf(topic);
    for (const name of device === undefined ? [ERRORS] : [`${GATEWAY}${device}/errors`, ERRORS]) {
      for (const { filter, qos } of this.#session.subscriptions()) if (matches(filter, name)) return { topic: name, qos: Math.min(qos, 1) };
    }
    return undefined;
  }

  #message(topic: string, body: string): TopicMessage {
    return new TopicMessage({
      tenant: this.#session.tenant,
      topic,
      topicBytes: Buffer.from(topic),
      payload: Buffer.from(body),
      properties: new Uint8Array(0),
      qos: 1,
      retain: false,
      expiresMs: 0,
      session: '',
      at: undefined,
    });
  }
}

function bodyOf(topic: string, { limit, retryAfterMs, text, why }: Refusal): string {
  const code = limit === undefined ? why : retryAfterMs === undefined ? 'too-large' : 'rate-limited';
  return JSON.stringify({ topic, code, limit, retryAfterMs, detail: text });
}
