/** An edge and an engine as processes of their own on real servers, with a tenant, a key and devices. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../support/child-process.ts';
import { withClickHouse, withNats } from '../../support/servers.ts';

export const TENANT = 't';
export const RIG_PARTITIONS = 2;
const ADMIN = `tfa_${'live-feed-test-'.repeat(4)}`;
const SCOPES = ['telemetry:read', 'telemetry:write', 'twin:read', 'command:send'];

export interface LiveRig {
  readonly edge: Child;
  readonly key: string;
  readonly admin: string;
  /** Tokens by device. */
  readonly devices: ReadonlyMap<string, string>;
  makeKey(scopes: readonly string[]): Promise<{ readonly id: string; readonly key: string }>;
  call(path: string, sent?: { readonly method?: string; readonly token?: string; readonly json?: unknown }): Promise<Called>;
  /** Kills the engine and starts another. */
  replaceEngine(): Promise<void>;
  stop(): Promise<void>;
}

export interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function startLiveRig(names: readonly string[]): Promise<LiveRig> {
  const [nats, clickhouse] = await Promise.all([withNats(), withClickHouse()]);
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-live-'));
  const tls = { pairs: [], httpsClientCertificates: 'off', mqttsClientCertificates: 'off' } as const;
  const config = { partitions: RIG_PARTITIONS, adminToken: ADMIN, mqttPort: 0, httpsPort: 0, tls } as const;
  const common = { folder, nats, clickhouse, config };
  let engine = await startChild({ ...common, role: 'engine', name: 'engine-1' });
  const edge = await startChild({ ...common, role: 'edge', name: 'edge-1' });
  const call: LiveRig['call'] = async (path, sent = {}) => {
    const response = await fetch(edge.url + path, {
      method: sent.method ?? (sent.json === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${sent.token ?? ADMIN}`,
        ...(sent.token === undefined ? { 'twinfold-tenant': TENANT } : {}),
        ...(sent.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(sent.json === undefined ? {} : { body: JSON.stringify(sent.json) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Called['body']) : {} };
  };
  const made = async (path: string, json: unknown): Promise<Called['body']> => {
    const { body, status } = await call(path, { json });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const makeKey: LiveRig['makeKey'] = async (scopes) => {
    const body = await made('/v1/keys', { kind: 'api', scopes });
    return { id: String(body['id']), key: String(body['key']) };
  };
  await made('/v1/tenants', { id: TENANT });
  const devices = new Map<string, string>();
  for (const id of names) devices.set(id, String((await made('/v1/devices', { id }))['token']));
  return {
    edge,
    admin: ADMIN,
    devices,
    key: (await makeKey(SCOPES)).key,
    makeKey,
    call,
    async replaceEngine() {
      await engine.kill();
      engine = await startChild({ ...common, role: 'engine', name: 'engine-1' });
    },
    async stop() {
      await Promise.all([edge.kill(), engine.kill()]);
      await Promise.all([nats.stop(), clickhouse.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
