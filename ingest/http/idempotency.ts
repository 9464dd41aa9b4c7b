/**
 * `Idempotency-Key` on what changes something: a repeat within a day gets the first answer again. Looked at after the
 * caller was let in and before the body is parsed, because what was asked is compared byte by byte. A request without the
 * header passes at the cost of one look for it.
 *
 * Streams pass it over: an event has an id of its own, and a line of an import its device's.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler, preParsingHookHandler, RouteOptions } from 'fastify';
import { failpoint } from '../../engine/observability/failpoint.ts';
import type { Counter, MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { secureFactsOf } from '../tls/peer.ts';
import { callerOf } from './access.ts';
import { type Asked, type Begun, type Claim, type IdempotencyOptions, IdempotencyKeys } from './idempotency-keys.ts';
import { proofOf, type RegistrationOptions } from './register-route.ts';
import { refuse } from './reply.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const REGISTER = '/register';
const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** A stream of lines that answers as it goes, and a question. */
const PASSED_OVER: ReadonlySet<string> = new Set(['/v1/devices::import', '/v1/policies::explain']);
/** Of the connection, not of the answer. */
const HOP_HEADERS: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);
/** A request takes milliseconds; who waits so long finds it answered. */
const IN_FLIGHT_RETRY_MS = 1_000;

export interface IdempotencyDeps extends IdempotencyOptions {
  readonly authenticator: Authenticator;
  readonly registration?: RegistrationOptions | undefined;
  readonly metrics: MetricsRegistry;
}

type Outcome = Begun['kind'] | 'taken-over' | 'malformed' | 'lost';

/** To be called before the routes are added. */
export function installIdempotency(app: FastifyInstance, deps: IdempotencyDeps): void {
  const hooks = new IdempotencyHooks(deps);
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    const isOurs = (route.url.startsWith('/v1/') && !PASSED_OVER.has(route.url)) || route.url === REGISTER;
    if (isOurs && methods.some((method) => WRITES.has(method))) hooks.addTo(route);
  });
  app.addHook('onClose', () => {
    hooks.close();
    return Promise.resolve();
  });
}

class IdempotencyHooks {
  readonly #deps: IdempotencyDeps;
  readonly #keys: IdempotencyKeys;
  readonly #claims = new WeakMap<FastifyRequest, Claim>();
  readonly #counters = new Map<Outcome, Counter>();

  constructor(deps: IdempotencyDeps) {
    this.#deps = deps;
    this.#keys = new IdempotencyKeys(deps);
  }

  close(): void {
    this.#keys.close();
  }

  addTo(route: RouteOptions): void {
    // Hooks that answer themselves can't be promises: fastify would go on while what they sent is still on its way.
    const begin = (...[request, reply, payload, goOn]: Parameters<preParsingHookHandler>): void => {
      if (request.headers['idempotency-key'] === undefined) return goOn(null, payload);
      this.#begin(request, reply, payload).then((body) => {
        if (body !== undefined) goOn(null, body);
      }, goOn);
    };
    const finish = (...[request, reply, payload, goOn]: Parameters<onSendHookHandler>): void => {
      const claim = this.#claims.get(request);
      if (claim === undefined) return goOn(null, payload);
      this.#claims.delete(request);
      void this.#finish(claim, reply, payload).then(() => goOn(null, payload));
    };
    route.preParsing = [begin, ...[route.preParsing ?? []].flat()];
    route.onSend = [...[route.onSend ?? []].flat(), finish];
  }

  /** The body to go on with; undefined: it is answered. */
  async #begin(request: FastifyRequest, reply: FastifyReply, payload: Readable): Promise<Readable | undefined> {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !KEY.test(key)) {
      this.#count('malformed');
      void refuse(reply, BAD_KEY);
      return undefined;
    }
    const sender = this.#senderOf(request);
    // Whoever isn't let in is told so by the route.
    if (sender === undefined) return payload;
    const body = await wholeBody(request, payload);
    if (!Buffer.isBuffer(body)) {
      void refuse(reply.header('connection', 'close'), body);
      return undefined;
    }
    const begun = await this.#keys.begin({ ...sender, key, method: request.method, url: request.url, body });
    this.#count(begun.kind === 'claimed' && begun.isTakenOver ? 'taken-over' : begun.kind);
    if (begun.kind === 'claimed') {
      failpoint('edge.call-claimed');
      this.#claims.set(request, begun.claim);
      return Readable.from(body.length === 0 ? [] : [body], { objectMode: false });
    }
    if (begun.kind === 'answered') {
      const { answer } = begun;
      void reply.code(answer.status).headers({ ...answer.headers, 'idempotency-replayed': 'true' });
      void reply.send(answer.body.length === 0 ? undefined : answer.body);
    } else void refuse(reply, this.#refusalOf(begun));
    return undefined;
  }

  async #finish(claim: Claim, reply: FastifyReply, payload: unknown): Promise<void> {
    const status = reply.statusCode;
    const body = bytesOf(payload);
    const finished = await this.#keys.finish(claim, body === undefined ? { status } : { status, headers: keptHeaders(reply), body });
    if (finished === 'lost') this.#count('lost');
  }

  #senderOf(request: FastifyRequest): Pick<Asked, 'tenant' | 'sender'> | undefined {
    const { authenticator, registration } = this.#deps;
    const { raw } = request;
    if (request.routeOptions.url === REGISTER && registration !== undefined) {
      const proof = proofOf(raw, { ...registration, authenticator });
      if ('code' in proof) return undefined;
      // Devices that share a provisioning key, or a CA, are told apart by their certificates.
      const certificate = secureFactsOf(raw.socket)?.peer?.fingerprint ?? '';
      // A certificate by itself is the same sender before and after it is known whose it is.
      return { tenant: proof.tenant, sender: `${proof.certificate === undefined ? proof.actor : 'certificate'} ${certificate}` };
    }
    const caller = callerOf(raw, authenticator);
    if ('code' in caller) return undefined;
    const { principal } = caller;
    const named = raw.headers['twinfold-tenant'];
    return { tenant: principal.tenant ?? (typeof named === 'string' ? named : ''), sender: principal.credential };
  }

  #refusalOf(begun: Exclude<Begun, { kind: 'claimed' | 'answered' }>): Refusal {
    switch (begun.kind) {
      case 'mismatch':
        return refusal('idempotency-key-reused', 'Idempotency-Key came before with another method, path or body; use a new key');
      case 'in-flight':
        return refusal(
          'idempotency-in-flight',
          'the request with this Idempotency-Key is being carried out; send it again for its answer',
          {
            retryAfterMs: IN_FLIGHT_RETRY_MS,
          },
        );
      case 'not-kept':
        return refusal(
          'idempotency-answer-not-kept',
          `the request with this Idempotency-Key was carried out, with status ${begun.status}; its answer has more than ${this.#keys.answerBytesMax} bytes and was not kept: read what it changed, and use a new key for another change`,
          { limit: 'idempotency-answer-bytes' },
        );
      case 'sealed-elsewhere':
        return refusal(
          'idempotency-answer-not-kept',
          'the answer of this Idempotency-Key is sealed under another secret key: ask the edge that gave it, or start every edge with the same --secret-key-file',
        );
      case 'unavailable':
        return refusal(
          'log-unavailable',
          'idempotency keys cannot be kept now, so nothing was done; try again, or send it without Idempotency-Key',
          { limit: 'idempotency-store' },
        );
    }
  }

  #count(outcome: Outcome): void {
    const known = this.#counters.get(outcome);
    if (known !== undefined) return known.add(1);
    const counter = this.#deps.metrics.counter(
      { name: 'twinfold_idempotency_keys_total', help: 'Requests with an Idempotency-Key, by what became of the key.' },
      { edge: 'http', outcome },
    );
    this.#counters.set(outcome, counter);
    counter.add(1);
  }
}

const BAD_KEY = refusal('malformed', 'Idempotency-Key has 1 to 255 visible ASCII characters, and comes once', { limit: 'idempotency-key' });

async function wholeBody(request: FastifyRequest, payload: Readable): Promise<Buffer | Refusal> {
  const bytesMax = request.routeOptions.bodyLimit;
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of payload as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > bytesMax) return refusal('too-large', `the body of this call has at most ${bytesMax} bytes`, { limit: 'body-bytes' });
      pieces.push(piece);
    }
  } catch {
    return refusal('malformed', 'the body ended early');
  }
  return Buffer.concat(pieces);
}

/** Undefined: a stream, which can't be kept. */
function bytesOf(payload: unknown): Buffer | undefined {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload);
  return Buffer.isBuffer(payload) ? payload : undefined;
}

function keptHeaders(reply: FastifyReply): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (!HOP_HEADERS.has(name) && value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : String(value);
  return kept;
}
