/** Requests to `POST /telemetry` with a body that was bent, under headers that are right, odd or wrong; and what an answer must be. */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Random } from '../../loadtest/simulator/random.ts';
import { encodeTelemetryBatch } from '../../schemas/gen/lean.ts';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import { mutate } from './mutations.ts';

const ANSWER_MS_MAX = 20_000;
const SOCKETS = 50;

type Headers = Readonly<Record<string, string>>;

interface HostileTarget {
  readonly url: string;
  readonly deviceToken: string;
  /** An API key, whose events name their device. */
  readonly key: string;
  /** The device that both speak for. */
  readonly device: string;
}

interface HostileRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';
const PROTOBUF_TYPE = 'application/x-protobuf';

function seedsOf(device: string): readonly (readonly [Buffer, Headers])[] {
  const array = `[{"t":21.5,"on":true},{"ts":1700000000000,"metrics":{"a":{"b":[1,2]}},"attrs":{"m":"é"}}]`;
  const named = `{"device":"${device}","boot":7,"seq":1,"metrics":{"t":1}}\n{"device":"${device}","payload":{"é":"\\u00e9"}}\n`;
  const batch = encodeTelemetryBatch({
    samples: [
      { device, ts: 1_700_000_000_000, metrics: [{ name: 't', number: 1 }] },
      { device, seq: 2, metrics: [{ name: 'x', text: 'y' }] },
    ],
  });
  const plain: readonly (readonly [Buffer, Headers])[] = [
    [Buffer.from('{"t":21.5}'), { 'content-type': JSON_TYPE }],
    [Buffer.from(array), { 'content-type': JSON_TYPE }],
    [Buffer.from(named), { 'content-type': LINES_TYPE }],
    [Buffer.from(named.repeat(40)), { 'content-type': LINES_TYPE }],
    [Buffer.from(batch), { 'content-type': PROTOBUF_TYPE }],
  ];
  return [...plain, ...plain.map(([body, headers]) => [gzipSync(body), { ...headers, 'content-encoding': 'gzip' }] as const)];
}

/** Each changes one thing beside the body. */
const ODDITIES: readonly ((sent: HostileRequest) => HostileRequest)[] = [
  ...[JSON_TYPE, LINES_TYPE, PROTOBUF_TYPE, 'text/html', 'application/cbor', ';;;', 'application/json; charset="\u00ff'].map((type) =>
    withHeaders({ 'content-type': type }),
  ),
  ...['gzip', 'zstd', 'br', 'gzip, gzip', 'identity', '\t'].map((coding) => withHeaders({ 'content-encoding': coding })),
  ...['Bearer', 'Basic eA==', 'Bearer tfd_demo.x.y.z', `Bearer ${'x'.repeat(4_000)}`, ''].map((value) =>
    withHeaders({ authorization: value }),
  ),
  ...['wait=1', 'wait=-1', 'wait=99999999999', 'wait=";,wait=', 'respond-async'].map((value) => withHeaders({ prefer: value })),
  // A refusal of these ends the connection, and what is still on its way then could take the answer with it.
  (sent) => withHeaders({ 'transfer-encoding': 'chunked', prefer: 'wait=1' })(shortened(sent)),
  (sent) => withHeaders({ 'x-long': 'x'.repeat(20_000) })(shortened(sent)),
  withHeaders({ expect: '200-maybe' }),
  withHeaders({ traceparent: '00-zz-zz-00', 'twinfold-tenant': '../..', 'idempotency-key': 'k'.repeat(2_000) }),
  ...['/telemetry?qos=0', '/telemetry?qos=%zz', '/telemetry/', '/%zz', `/v1/events/${'9'.repeat(600)}`, '//', '/telemetry?a=1#b'].map(
    (path) => (sent: HostileRequest) => ({ ...sent, path }),
  ),
  ...['PUT', 'DELETE', 'PATCH', 'PROPFIND'].map((method) => (sent: HostileRequest) => ({ ...sent, method })),
];
const ODD_ONE_IN = 3;
const SHORT_BYTES = 4_096;

function shortened(sent: HostileRequest): HostileRequest {
  return { ...sent, body: sent.body.subarray(0, SHORT_BYTES) };
}

function withHeaders(headers: Headers): (sent: HostileRequest) => HostileRequest {
  return (sent) => ({ ...sent, headers: { ...sent.headers, ...headers } });
}

/** Sends bent requests and judges the answers; counts them by status and code. */
export class HostileHttp {
  readonly counts = new Map<string, number>();
  readonly #target: HostileTarget;
  readonly #random: Random;
  readonly #seeds: readonly (readonly [Buffer, Headers])[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });

  constructor(target: HostileTarget, random: Random) {
    this.#target = target;
    this.#random = random;
    this.#seeds = seedsOf(target.device);
  }

  /** Rejects when the answer doesn't come, or isn't one. Everything random is drawn before the first wait. */
  async attack(): Promise<void> {
    const sent = this.#next();
    const answer = await this.#send(sent);
    const said = judge(
      answer,
      `${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body.toString('base64').slice(0, 2_000)}`,
    );
    this.counts.set(said, (this.counts.get(said) ?? 0) + 1);
  }

  close(): void {
    this.#agent.destroy();
  }

  #next(): HostileRequest {
    const random = this.#random;
    const [body, headers] = this.#seeds[random.between(0, this.#seeds.length - 1)] ?? [Buffer.alloc(0), {}];
    const token = random.between(0, 1) === 0 ? this.#target.deviceToken : this.#target.key;
    const sent = {
      path: '/telemetry',
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: mutate(body, random),
    };
    if (random.between(1, ODD_ONE_IN) > 1) return sent;
    return ODDITIES[random.between(0, ODDITIES.length - 1)]?.(sent) ?? sent;
  }

  #send({ path, method, headers, body }: HostileRequest): Promise<Answer> {
    const { hostname, port } = new URL(this.#target.url);
    const framing = 'transfer-encoding' in headers ? {} : { 'content-length': String(body.length) };
    return new Promise((resolve, reject) => {
      const call = request({ hostname, port, path, method, agent: this.#agent, headers: { ...headers, ...framing } });
      call.setTimeout(ANSWER_MS_MAX, () => call.destroy(new Error(`no answer within ${ANSWER_MS_MAX} ms`)));
      call.on('error', (error) => reject(new Error(`${method} ${path} ${JSON.stringify(headers).slice(0, 500)}`, { cause: error })));
      call.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', text }));
      });
      call.end(body);
    });
  }
}

/** An answer is 200, 202, or a problem of the closed list, and never "internal". What it said, in a few words. */
function judge(answer: Answer, sent: string): string {
  const told = `${sent}\n→ ${answer.status} ${answer.text.slice(0, 500)}`;
  if (answer.status < 400) {
    assert.ok(answer.status === 200 || answer.status === 202, told);
    return String(answer.status);
  }
  assert.match(answer.contentType, /^application\/problem\+json/, told);
  const problem = JSON.parse(answer.text) as { readonly code?: unknown; readonly status?: unknown };
  const code = Object.entries(PROBLEMS).find(([name]) => name === problem.code);
  assert.ok(code !== undefined && problem.code !== 'internal', told);
  assert.equal(answer.status, code[1].status, told);
  assert.equal(problem.status, answer.status, told);
  return `${answer.status} ${code[0]}`;
}
