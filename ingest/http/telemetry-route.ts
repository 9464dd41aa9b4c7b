/** The door of `POST /telemetry`: who it is, what the body says it is, and whether anybody is taken in at all. */
import { quoted } from '../../engine/kernel/quoted.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from '../admit.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { callerOf, notGranted } from './access.ts';
import { sendProblem } from './problem.ts';
import { requestGate } from './request-gate.ts';
import { type BodyFormat, type ExchangeDeps, letRestGo, TelemetryExchange } from './telemetry-exchange.ts';

/** What `curl -d` and `fetch` say by default is no more than a default: it is taken for JSON. */
const FORMATS: ReadonlyMap<string, BodyFormat> = new Map([
  ['', 'json'],
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'json'],
  ['text/plain', 'json'],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/x-protobuf', 'protobuf'],
  ['application/protobuf', 'protobuf'],
]);

export interface TelemetryRouteDeps extends ExchangeDeps {
  readonly authenticator: Authenticator;
  /** Undefined: nothing is limited. */
  readonly admission?: Admission | undefined;
}

export class TelemetryRoute {
  readonly #deps: TelemetryRouteDeps;
  #active = 0;
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  constructor(deps: TelemetryRouteDeps) {
    this.#deps = deps;
  }

  get active(): number {
    return this.#active;
  }

  /** Takes no further request; resolves when those that are open are answered, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onIdle = undefined;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isDraining) {
      // So that the next attempt reaches another process.
      response.setHeader('connection', 'close');
      this.#refuse(request, response, refusal('draining', 'this process is shutting down', { retryAfterMs: 1_000 }));
      return;
    }
    const caller = callerOf(request, this.#deps.authenticator);
    if ('code' in caller) {
      this.#refuse(request, response, caller);
      return;
    }
    const { principal, token } = caller;
    if (principal.kind === 'admin') {
      this.#refuse(request, response, refusal('forbidden', 'events are sent by devices, or by an API key with the scope telemetry:write'));
      return;
    }
    if (!principal.grants.allows('telemetry:write')) {
      this.#refuse(request, response, notGranted('telemetry:write'));
      return;
    }
    const format = formatOf(request.headers['content-type']);
    if (typeof format !== 'string') {
      this.#refuse(request, response, format);
      return;
    }
    this.#active++;
    const gate = requestGate(this.#deps.admission, principal, request);
    const options = { sender: { principal, token }, format, gate, isQos0: isQos0(request.url ?? ''), onEnd: () => this.#ended() };
    new TelemetryExchange({ request, response }, this.#deps, options).start();
  }

  #ended(): void {
    this.#active--;
    if (this.#active === 0) this.#onIdle?.();
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refused: Refusal): void {
    this.#deps.metrics.refused(refused.limit ?? refused.code);
    letRestGo(request, response);
    sendProblem(response, refused);
  }
}

function formatOf(contentType: string | undefined): BodyFormat | Refusal {
  const type = contentType === undefined ? '' : contentType.split(';', 1)[0]?.trim().toLowerCase();
  const format = FORMATS.get(type ?? '');
  if (format !== undefined) return format;
  const remedy = 'send application/json, application/x-ndjson or application/x-protobuf';
  return refusal('unsupported-media-type', `${quoted(contentType ?? '')} is not supported yet: ${remedy}`);
}

function isQos0(url: string): boolean {
  const query = url.indexOf('?');
  return query >= 0 && new URLSearchParams(url.slice(query + 1)).get('qos') === '0';
}
