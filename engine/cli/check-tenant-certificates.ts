/**
 * `twinfold doctor` about the certificate authorities of tenants, as a running deployment's registry has them: those that
 * end soon or are over, and revocation lists that are overdue. Asked over the API, as any administrator would.
 */
import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import type { Finding } from './promises.ts';

const DAY_MS = 86_400_000;
/** Whoever renews by hand wants to know by then. */
const SOON_DAYS = 30;
const PAGE_TENANTS = 1_000;
const ANSWER_MS_MAX = 5_000;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** With many tenants: what isn't seen by then is said to be. */
const LOOK_MS_MAX = 30_000;

export interface RunningApi {
  readonly url: string;
  readonly adminToken: string;
  /** Certificates in PEM that the server's own is one of, or is under; only for `https:`. */
  readonly trusted?: readonly string[];
}

/** Rejects where the API doesn't answer as one of ours does. */
export async function checkTenantCertificates(api: RunningApi, nowMs: number): Promise<readonly Finding[]> {
  const client = new ApiClient(api);
  const untilMs = performance.now() + LOOK_MS_MAX;
  try {
    const tenants = await client.tenants();
    const findings: Finding[] = [];
    let good = 0;
    for (const [i, tenant] of tenants.entries()) {
      if (performance.now() > untilMs) {
        findings.push({
          level: 'warning',
          what: `the certificate authorities of ${tenants.length - i} tenants were not looked at: it took too long`,
          remedy: 'ask again when there is less to do, or GET /v1/tenants/{id}/cas of the tenants in question',
        });
        break;
      }
      const judged = judgeTenant(tenant, await client.authorities(tenant), nowMs);
      findings.push(...judged.findings);
      good += judged.good;
    }
    if (good === 0) return findings;
    return [...findings, { level: 'fine', what: `${good} certificate authorities of tenants are good for ${SOON_DAYS} days or more` }];
  } finally {
    client.close();
  }
}

interface Authority {
  readonly id: string;
  readonly subject: string;
  readonly notAfterMs: number;
  /** When the next revocation list was due. */
  readonly nextUpdateMs: number | undefined;
  readonly signs: boolean;
}

function judgeTenant(
  tenant: string,
  authorities: readonly Authority[],
  nowMs: number,
): { readonly findings: readonly Finding[]; readonly good: number } {
  const findings: Finding[] = [];
  let good = 0;
  for (const ca of authorities) {
    const name = `${ca.signs ? 'signing CA' : 'CA'} ${ca.subject} of tenant ${tenant}`;
    const days = Math.floor((ca.notAfterMs - nowMs) / DAY_MS);
    if (ca.notAfterMs <= nowMs)
      findings.push({
        level: 'problem',
        what: `the ${name} ended on ${dateOf(ca.notAfterMs)}: ${ca.signs ? 'it signs for no device any more' : 'devices under it are refused'}`,
        remedy: remedyOf(tenant, ca),
      });
    else if (days < SOON_DAYS)
      findings.push({
        level: 'warning',
        what: `the ${name} is good until ${dateOf(ca.notAfterMs)}, ${days} days`,
        remedy: remedyOf(tenant, ca),
      });
    else good += 1;
    if (ca.nextUpdateMs !== undefined && ca.nextUpdateMs <= nowMs)
      findings.push({
        level: 'warning',
        what: `the revocation list of the ${name} was to be replaced by ${dateOf(ca.nextUpdateMs)}: what was revoked since is still let in`,
        remedy: `PATCH /v1/tenants/${tenant}/cas/${ca.id} {"crl": …} with the CA's newest list`,
      });
  }
  return { findings, good };
}

function remedyOf(tenant: string, ca: Authority): string {
  return ca.signs
    ? `DELETE /v1/tenants/${tenant}/signing-ca and POST it again; devices keep what it signed until that ends, and ask for new certificates`
    : `POST its successor to /v1/tenants/${tenant}/cas, give the devices certificates under that, then DELETE /v1/tenants/${tenant}/cas/${ca.id}`;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

class ApiClient {
  readonly #api: RunningApi;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(api: RunningApi) {
    this.#api = api;
    // The address is this machine's, whatever names the certificate has; that it is the deployment's own is what counts.
    const tls = { ca: [...(api.trusted ?? [])], checkServerIdentity: () => undefined, allowPartialTrustChain: true };
    this.#agent = api.url.startsWith('https:') ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  async tenants(): Promise<readonly string[]> {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const from: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.#ask(`/v1/tenants?limit=${PAGE_TENANTS}${from}`);
      found.push(...itemsOf(page).flatMap(({ id }) => (typeof id === 'string' ? id : [])));
      cursor = typeof page?.['nextCursor'] === 'string' ? page['nextCursor'] : undefined;
    } while (cursor !== undefined);
    return found;
  }

  async authorities(tenant: string): Promise<readonly Authority[]> {
    const named = itemsOf(await this.#ask(`/v1/tenants/${tenant}/cas`)).flatMap((body) => authorityOf(body, false));
    const signing = await this.#ask(`/v1/tenants/${tenant}/signing-ca`);
    return signing === undefined ? named : [...named, ...authorityOf(signing, true)];
  }

  /** Undefined where there is no such thing. */
  async #ask(path: string): Promise<Body | undefined> {
    const { status, text } = await new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.#api.adminToken}` };
      const options = { agent: this.#agent, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) };
      const get = this.#api.url.startsWith('https:') ? httpsGet : httpGet;
      const request = get(new URL(path, this.#api.url), options, (response) => {
        void read(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
      });
      request.once('error', reject);
    });
    if (status === 404) return undefined;
    const body: unknown = status === 200 ? JSON.parse(text) : undefined;
    if (!isBody(body)) throw new Error(`GET ${path} was answered by ${status}: ${text.slice(0, 300)}`);
    return body;
  }
}

type Body = Readonly<Record<string, unknown>>;

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const piece = Buffer.from(chunk as Uint8Array);
    bytes += piece.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function itemsOf(page: Body | undefined): readonly Body[] {
  return Array.isArray(page?.['items']) ? page['items'].filter(isBody) : [];
}

function authorityOf(body: Body, signs: boolean): readonly Authority[] {
  const { crl, id, notAfter, subject } = body;
  if (typeof id !== 'string' || typeof subject !== 'string' || typeof notAfter !== 'string') return [];
  const next = isBody(crl) ? crl['nextUpdate'] : undefined;
  return [{ id, subject, signs, notAfterMs: Date.parse(notAfter), nextUpdateMs: typeof next === 'string' ? Date.parse(next) : undefined }];
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
