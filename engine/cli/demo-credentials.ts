/**
 * The credentials of tenant `demo` that the banner's examples use: an API key and a device. They are made through the
 * edge's own API, like anybody's, and kept in the data folder, because tokens are shown only once.
 */
import { join } from 'node:path';
import { readIfThere, writeFileAtomic } from '../embedded/files.ts';
import { TwinfoldError } from '../kernel/errors.ts';

const TENANT = 'demo';
const SCOPES = ['telemetry:write', 'telemetry:read', 'twin:read', 'twin:write', 'command:send', 'analytics:read'];
/** A device whose token was lost (the file is gone, the registry isn't) stays as it is; the next name is taken. */
const DEVICE_NAMES_MAX = 20;
const CALL_MS_MAX = 10_000;
const OWNER_ONLY = 0o600;

export interface DemoCredentials {
  readonly tenant: string;
  readonly key: string;
  readonly device: { readonly id: string; readonly token: string };
}

export interface DemoAccess {
  readonly data: string;
  readonly httpUrl: string;
  /** Unknown where the deployment's token was made elsewhere: then only what is kept may do. */
  readonly adminToken: string | undefined;
}

/** Undefined where there are none, and none can be made. */
export async function keepDemoCredentials(access: DemoAccess): Promise<DemoCredentials | undefined> {
  const file = join(access.data, 'demo.json');
  const kept = parse(await readIfThere(file));
  if (kept !== undefined && (await stillValid(access, kept))) return kept;
  if (access.adminToken === undefined) return undefined;
  await call(access, { path: '/v1/tenants', body: { id: TENANT }, expected: [200, 201, 409] });
  const key = textOf(await call(access, { path: '/v1/keys', body: { kind: 'api', scopes: SCOPES }, expected: [201] }), 'key');
  const device = await makeDevice(access);
  const made: DemoCredentials = { tenant: TENANT, key, device };
  await writeFileAtomic(file, `${JSON.stringify(made, undefined, 2)}\n`, OWNER_ONLY);
  return made;
}

async function makeDevice(access: DemoAccess): Promise<DemoCredentials['device']> {
  for (let n = 1; n <= DEVICE_NAMES_MAX; n++) {
    const answer = await call(access, { path: '/v1/devices', body: { id: `dev-${n}` }, expected: [200, 201, 409] });
    if (typeof answer['token'] === 'string') return { id: `dev-${n}`, token: answer['token'] };
  }
  throw new TwinfoldError('conflict', `dev-1 to dev-${DEVICE_NAMES_MAX} of tenant ${TENANT} are taken`, {
    domain: 'external',
    retryable: false,
  });
}

/** A registry that was started over does not know what the folder remembers. */
async function stillValid(access: DemoAccess, kept: DemoCredentials): Promise<boolean> {
  const response = await fetch(`${access.httpUrl}/v1/devices/${kept.device.id}/twin`, {
    headers: { authorization: `Bearer ${kept.key}`, connection: 'close' },
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  await response.body?.cancel();
  return response.status !== 401 && response.status !== 403;
}

interface Call {
  readonly path: string;
  readonly body: object;
  readonly expected: readonly number[];
}

async function call(access: DemoAccess, { path, body, expected }: Call): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(access.httpUrl + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${access.adminToken}`,
      'twinfold-tenant': TENANT,
      'content-type': 'application/json',
      connection: 'close',
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  const text = await response.text();
  if (!expected.includes(response.status)) {
    throw new TwinfoldError('unauthorized', `POST ${path} answered ${response.status}: ${text.slice(0, 300)}`, {
      domain: 'internal',
      retryable: true,
    });
  }
  return record(text) ?? {};
}

function parse(text: string | undefined): DemoCredentials | undefined {
  const kept = text === undefined ? undefined : record(text);
  const device = kept?.['device'];
  if (kept === undefined || typeof kept['key'] !== 'string' || typeof device !== 'object' || device === null) return undefined;
  if (!('id' in device && 'token' in device && typeof device.id === 'string' && typeof device.token === 'string')) return undefined;
  return { tenant: TENANT, key: kept['key'], device: { id: device.id, token: device.token } };
}

function record(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(from: Readonly<Record<string, unknown>>, name: string): string {
  const value = from[name];
  if (typeof value !== 'string')
    throw new TwinfoldError('corrupt', `An answer of the API lacks "${name}"`, { domain: 'internal', retryable: false });
  return value;
}
