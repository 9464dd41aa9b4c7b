/** Real edge processes on a real log, with an administrator's token that is known, killed without a word. */
import { randomBytes } from 'node:crypto';
import { startChild, type Child } from '../support/child-process.ts';
import type { TestNats } from '../support/servers.ts';

export const ADMIN_TOKEN = `tfa_${randomBytes(24).toString('base64url')}`;

export interface EdgeProcess extends Child {
  readonly mqttPort: number;
}

export interface EdgePlace {
  readonly nats: TestNats;
  readonly folder: string;
  readonly name: string;
}

export async function startEdgeProcess(place: EdgePlace): Promise<EdgeProcess> {
  const edge = await startChild({ role: 'edge', ...place, config: { mqttPort: 0, adminToken: ADMIN_TOKEN } });
  return { ...edge, mqttPort: edge.ready.ports.mqtt ?? 0 };
}

export interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Rejects when the edge doesn't answer. */
export async function call(
  edge: EdgeProcess,
  path: string,
  options: { readonly token: string; readonly method?: string; readonly json?: unknown; readonly tenant?: string },
): Promise<Called> {
  const response = await fetch(edge.url + path, {
    method: options.method ?? (options.json === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${options.token}`,
      connection: 'close',
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.tenant === undefined ? {} : { 'twinfold-tenant': options.tenant }),
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {} };
}
