/** The product's management API and its reads, as an application would call them. */
import { exchange, keptAlive } from '../simulator/http-exchange.ts';
import type { Exchange } from '../simulator/http-exchange.ts';

export interface Credentials {
  readonly id: string;
  readonly token: string;
}

/** An answer that the caller didn't ask for. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(what: string, answer: Exchange) {
    super(`${what}: ${answer.status} ${answer.body.toString('utf8').slice(0, 300)}`);
    this.status = answer.status;
  }
}

const ANSWER_MS = 15_000;
const IMPORT_MS = 120_000;
/** Registrations at a time: each is one append to the registry's stream. */
const AT_ONCE = 32;

export class ProductApi {
  readonly #url: () => string;
  readonly #token: string;
  readonly #tenant: string | undefined;
  readonly #agent = keptAlive(AT_ONCE);

  /** `tenant` is named where the token is the deployment's own. */
  constructor(url: () => string, token: string, tenant?: string) {
    this.#url = url;
    this.#token = token;
    this.#tenant = tenant;
  }

  call(method: string, path: string, body?: unknown): Promise<Exchange> {
    const sent = body === undefined ? undefined : { contentType: 'application/json', body: JSON.stringify(body), limitMs: ANSWER_MS };
    return this.#send(method, path, sent);
  }

  #send(
    method: string,
    path: string,
    sent: { readonly contentType: string; readonly body: string; readonly limitMs: number } | undefined,
  ): Promise<Exchange> {
    const tenant = this.#tenant === undefined ? {} : { 'twinfold-tenant': this.#tenant };
    const contentType = sent === undefined ? {} : { 'content-type': sent.contentType };
    return exchange(`${this.#url()}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...tenant, ...contentType },
      ...(sent === undefined ? {} : { body: sent.body }),
      agent: this.#agent,
      limitMs: sent?.limitMs ?? ANSWER_MS,
    });
  }

  /** A tenant that exists already is fine. */
  async ensureTenant(id: string): Promise<void> {
    const answer = await this.call('POST', '/v1/tenants', { id });
    if (answer.status !== 201 && answer.status !== 200 && answer.status !== 409) throw new UnexpectedAnswer('POST /v1/tenants', answer);
  }

  async createKey(scopes: readonly string[]): Promise<string> {
    const answer = await this.call('POST', '/v1/keys', { kind: 'api', scopes });
    if (answer.status !== 201) throw new UnexpectedAnswer('POST /v1/keys', answer);
    return (JSON.parse(answer.body.toString('utf8')) as { key: string }).key;
  }

  /** Registers a device, or gives one that exists a further credential. */
  async ensureDevice(id: string): Promise<Credentials> {
    const answer = await this.call('POST', '/v1/devices', { id });
    if (answer.status === 201) return { id, token: tokenIn(answer) };
    if (answer.status !== 409) throw new UnexpectedAnswer('POST /v1/devices', answer);
    const further = await this.call('POST', `/v1/devices/${id}/credentials`, {});
    if (further.status !== 201) throw new UnexpectedAnswer(`POST /v1/devices/${id}/credentials`, further);
    return { id, token: tokenIn(further) };
  }

  /** Many at once, in the order asked. */
  async ensureDevices(ids: readonly string[]): Promise<readonly Credentials[]> {
    const found: Credentials[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let place = next++; place < ids.length; place = next++) {
        const id = ids[place];
        if (id !== undefined) found[place] = await this.ensureDevice(id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, worker));
    return found;
  }

  /** Registers many devices in one request, in the order asked. Those that are there already are refused. */
  async importDevices(ids: readonly string[]): Promise<readonly Credentials[]> {
    const lines = ids.map((id) => `${JSON.stringify({ id })}\n`).join('');
    const answer = await this.#send('POST', '/v1/devices:import', { contentType: 'application/x-ndjson', body: lines, limitMs: IMPORT_MS });
    if (answer.status !== 200) throw new UnexpectedAnswer('POST /v1/devices:import', answer);
    const outcomes = answer.body.toString('utf8').split('\n', ids.length);
    return outcomes.map((line) => {
      const { id, token } = JSON.parse(line) as { readonly id?: string; readonly token?: string };
      if (id === undefined || token === undefined) throw new UnexpectedAnswer(`import, ${line}`, answer);
      return { id, token };
    });
  }

  /** What the tenant may send, as `PUT /v1/quotas` takes it. */
  async limitTenant(limits: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await this.call('PUT', '/v1/quotas', limits);
    if (answer.status !== 200) throw new UnexpectedAnswer('PUT /v1/quotas', answer);
  }

  /** The twin's body, undefined when the device was never heard of. */
  async twin(device: string): Promise<unknown> {
    const answer = await this.call('GET', `/v1/devices/${device}/twin`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new UnexpectedAnswer(`GET twin of ${device}`, answer);
    return JSON.parse(answer.body.toString('utf8'));
  }

  close(): void {
    this.#agent.destroy();
  }
}

function tokenIn(answer: Exchange): string {
  return (JSON.parse(answer.body.toString('utf8')) as { token: string }).token;
}
