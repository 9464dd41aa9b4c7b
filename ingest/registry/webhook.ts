/**
 * Calls somebody else's HTTPS address with a signed message. The address comes from a tenant, so it is not trusted: the
 * name is resolved once, every address it has must be a public one, and the connection goes to the address that was
 * looked at, so that a name which answers differently the next time gains nothing. No redirect is followed.
 *
 * A receiver knows us by `Twinfold-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 under the shared secret over
 * `<seconds>.<Idempotency-Key>.<body>`. It refuses what is more than five minutes off its own clock, and remembers the
 * idempotency keys of that time; `verifyWebhook` does the first for receivers that are written with this program.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, isIPv4 } from 'node:net';
import type { Clock } from '../../engine/kernel/clock.ts';
import { messageOf } from '../../engine/kernel/errors.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Name, connection, handshake and answer together: somebody waits for it. */
export const WEBHOOK_MS_MAX = 5_000;
/** An answer is a decision, not data. */
export const WEBHOOK_ANSWER_BYTES_MAX = 64 * 1024;
export const WEBHOOK_BODY_BYTES_MAX = 256 * 1024;
export const WEBHOOK_URL_BYTES_MAX = 2_048;
/** How far a signature's time may be from the receiver's clock. */
export const WEBHOOK_WINDOW_S = 300;
/** A shorter secret could be guessed from one signed message. */
export const WEBHOOK_SECRET_BYTES_MIN = 16;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

export const SIGNATURE_HEADER = 'twinfold-signature';

export type WebhookRefusal =
  /** The URL, the secret or the idempotency key can't be used at all. */
  | 'bad-target'
  /** The name leads to an address that isn't public. */
  | 'forbidden-address'
  | 'unresolved'
  | 'unreachable'
  | 'timed-out'
  | 'redirected'
  | 'answer-too-large'
  | 'body-too-large';

export type WebhookAnswer =
  /** Whatever its status is, but for redirects. */
  | { readonly ok: true; readonly status: number; readonly contentType: string; readonly body: Buffer }
  | { readonly ok: false; readonly why: WebhookRefusal; readonly detail: string; readonly retryable: boolean };

export interface WebhookCall {
  readonly url: string;
  readonly secret: string;
  /** JSON, encoded. */
  readonly body: string | Uint8Array;
  /** The same for every repetition of the same message; visible ASCII, at most 128 characters. */
  readonly idempotencyKey: string;
}

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface WebhookOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly resolve?: Resolve;
  /** For tests and development: loopback addresses may be called too, and those over plain HTTP. */
  readonly allowLoopback?: boolean;
  readonly timeoutMs?: number;
  /** Certificates to trust in place of the system's. */
  readonly ca?: string;
}

interface Target {
  readonly url: URL;
  /** The host without the brackets of an IPv6 address. */
  readonly host: string;
}

interface Attempt {
  readonly target: Target;
  readonly address: string;
  readonly signal: AbortSignal;
  readonly ca: string | undefined;
}

/** What is wrong with a URL for a webhook, in words; undefined when it may be tried. Nothing is resolved. */
export function webhookUrlProblem(url: string, options: Pick<WebhookOptions, 'allowLoopback'> = {}): string | undefined {
  const target = targetOf(url, options.allowLoopback === true);
  return typeof target === 'string' ? target : undefined;
}

/** Never throws. It's called once; whoever wants repetitions makes them with the same idempotency key. */
export async function callWebhook(call: WebhookCall, options: WebhookOptions): Promise<WebhookAnswer> {
  const allowLoopback = options.allowLoopback === true;
  const target = targetOf(call.url, allowLoopback);
  if (typeof target === 'string') return refused('bad-target', target);
  if (Buffer.byteLength(call.secret) < WEBHOOK_SECRET_BYTES_MIN)
    return refused('bad-target', `the secret of a webhook has at least ${WEBHOOK_SECRET_BYTES_MIN} bytes`);
  if (!IDEMPOTENCY_KEY.test(call.idempotencyKey)) return refused('bad-target', 'an idempotency key is 1 to 128 visible ASCII characters');
  const body =
    typeof call.body === 'string' ? Buffer.from(call.body) : Buffer.from(call.body.buffer, call.body.byteOffset, call.body.byteLength);
  if (body.length > WEBHOOK_BODY_BYTES_MAX) return refused('body-too-large', `a webhook is sent at most ${WEBHOOK_BODY_BYTES_MAX} bytes`);
  const timeoutMs = options.timeoutMs ?? WEBHOOK_MS_MAX;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const address = await pin(target, { allowLoopback, resolve: options.resolve ?? resolveBySystem, signal: controller.signal });
    if (typeof address !== 'string') return address;
    const attempt = { target, address, signal: controller.signal, ca: options.ca };
    return await send(attempt, body, headersOf(call, body, options.clock));
  } catch (error) {
    if (controller.signal.aborted) return refused('timed-out', `no answer within ${timeoutMs} ms`, true);
    return refused('unreachable', messageOf(error), true);
  } finally {
    clearTimeout(timer);
  }
}

export interface SignedMessage {
  /** The header `Twinfold-Signature`. */
  readonly signature: string;
  readonly idempotencyKey: string;
  readonly body: Uint8Array;
}

/** Whether a message comes from who has the secret, and is not from another time. Repetitions are the caller's to notice. */
export function verifyWebhook(message: SignedMessage, secret: string, clock: Pick<Clock, 'now'>): boolean {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(message.signature);
  if (found === null) return false;
  const [, time = '', hex = ''] = found;
  if (Math.abs(clock.now() / 1_000 - Number(time)) > WEBHOOK_WINDOW_S) return false;
  const expected = sign(secret, { time, idempotencyKey: message.idempotencyKey, body: message.body });
  return timingSafeEqual(expected, Buffer.from(hex, 'hex'));
}

function headersOf(call: WebhookCall, body: Buffer, clock: Pick<Clock, 'now'>): Readonly<Record<string, string | number>> {
  const time = String(Math.floor(clock.now() / 1_000));
  const signature = sign(call.secret, { time, idempotencyKey: call.idempotencyKey, body }).toString('hex');
  return {
    'content-type': 'application/json',
    'content-length': body.length,
    accept: 'application/json',
    // An answer that must be unpacked could be larger than it says.
    'accept-encoding': 'identity',
    'user-agent': 'twinfold',
    'idempotency-key': call.idempotencyKey,
    [SIGNATURE_HEADER]: `t=${time},v1=${signature}`,
  };
}

function sign(secret: string, message: { readonly time: string; readonly idempotencyKey: string; readonly body: Uint8Array }): Buffer {
  return createHmac('sha256', secret).update(`${message.time}.${message.idempotencyKey}.`).update(message.body).digest();
}

function targetOf(text: string, allowLoopback: boolean): Target | string {
  if (Buffer.byteLength(text) > WEBHOOK_URL_BYTES_MAX) return `a URL has at most ${WEBHOOK_URL_BYTES_MAX} bytes`;
  const url = URL.parse(text);
  // The parser mends what people write; what it had to mend is refused, because another parser would mend it differently.
  // oxlint-disable-next-line no-control-regex
  if (url === null || /[\u0000-\u0020\u007f\\]/.test(text)) return 'this is no URL';
  if (url.protocol !== 'https:' && !(allowLoopback && url.protocol === 'http:')) return 'the URL of a webhook begins with https://';
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(text)) return 'the URL of a webhook names no user';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const written = /^[^/]*\/\/(\[[^\]]*\]|[^/?#:]*)/.exec(text)?.[1] ?? '';
  // Decimal, octal, hexadecimal and short forms of an address.
  if (isIPv4(host) && written !== host) return 'an IPv4 address is written with four decimal numbers';
  if (url.protocol === 'http:' && !(isLoopbackAddress(host) || host === 'localhost')) return 'plain HTTP is for loopback addresses only';
  if (isIP(host) !== 0 && !isAllowed(host, allowLoopback)) return 'the address is not a public one';
  return { url, host };
}

function isAllowed(address: string, allowLoopback: boolean): boolean {
  return isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address));
}

interface PinOptions {
  readonly allowLoopback: boolean;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
}

/** The one address that will be called. A name that has any address which may not be called is not called at all. */
async function pin({ url, host }: Target, options: PinOptions): Promise<string | WebhookAnswer> {
  if (isIP(host) !== 0) return host;
  let addresses: readonly string[];
  try {
    addresses = await withSignal(options.resolve(host), options.signal);
  } catch (error) {
    if (options.signal.aborted) throw error;
    return refused('unresolved', `the name ${host} has no address`, true);
  }
  const [first] = addresses;
  if (first === undefined) return refused('unresolved', `the name ${host} has no address`, true);
  const mayBe = url.protocol === 'http:' ? isLoopbackAddress : (address: string) => isAllowed(address, options.allowLoopback);
  if (!addresses.every(mayBe)) return refused('forbidden-address', `the name ${host} leads to an address that is not a public one`);
  return first;
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const found = await systemLookup(hostname, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

/** Resolving can't be called off; it's left alone. */
async function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('out of time')), { once: true });
    work.then(resolve, reject);
  });
}

async function send(attempt: Attempt, body: Buffer, headers: Readonly<Record<string, string | number>>): Promise<WebhookAnswer> {
  const { target, address, signal, ca } = attempt;
  const isTls = target.url.protocol === 'https:';
  const options: RequestOptions & { readonly ca?: string; readonly servername?: string } = {
    method: 'POST',
    // The host header and the certificate are the name's; the connection goes to the pinned address.
    host: address,
    port: target.url.port === '' ? (isTls ? 443 : 80) : Number(target.url.port),
    path: target.url.pathname + target.url.search,
    headers: { ...headers, host: target.url.host },
    // A connection of its own: one kept from another call may lead elsewhere.
    agent: false,
    signal,
    ...(isTls && isIP(target.host) === 0 ? { servername: target.host } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(options, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    return refused('redirected', `the answer was ${status}; a webhook is not sent on to another address`);
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    if (!Buffer.isBuffer(piece)) continue;
    bytes += piece.length;
    if (bytes > WEBHOOK_ANSWER_BYTES_MAX) {
      response.destroy();
      return refused('answer-too-large', `an answer has at most ${WEBHOOK_ANSWER_BYTES_MAX} bytes`);
    }
    pieces.push(piece);
  }
  return { ok: true, status, contentType: response.headers['content-type'] ?? '', body: Buffer.concat(pieces) };
}

function refused(
  why: WebhookRefusal,
  detail: string,
  retryable = false,
): { ok: false; why: WebhookRefusal; detail: string; retryable: boolean } {
  return { ok: false, why, detail, retryable };
}
