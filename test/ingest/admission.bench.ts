/**
 * What it costs to ask who may, and how much: microseconds of CPU a message on an open MQTT session, and a keep-alive HTTP
 * request with one event, from the token to the charge. With nothing limited, with a device's own two windows, and with
 * listener, address, device, group and the tenant's shared account besides, its data points and a day's volume among them. Run with `node`; prints a line of JSON.
 */
import type { IncomingMessage } from 'node:http';
import type { Admission } from '../../ingest/admit.ts';
import { Gate } from '../../ingest/limits/gate.ts';
import type { EventDraft, Principal } from '../../ingest/message.ts';
import { SessionGate } from '../../ingest/mqtt/session-gate.ts';
import { callerOf } from '../../ingest/http/access.ts';
import { requestGate } from '../../ingest/http/request-gate.ts';
import { EventList } from '../../ingest/telemetry/event-list.ts';
import { type Edge, startEdge } from './http/edge.ts';
import { QuotaRig } from './limits/quota-rig.ts';

const TENANT = 'acme';
const DEVICES = 64;
const MESSAGES = 1_000_000;
const REQUESTS = 300_000;
const ROUNDS = 5;
const MUCH = '1G/s burst 100G, 900G/h burst 900G';
const PAYLOAD = Buffer.from('{"boot":1730000000,"seq":1234567,"metrics":{"v":1234,"temp":21.5,"hum":43,"volt":3.3,"rssi":-77}}');
const NO_BYTES = Buffer.alloc(0);

interface Device {
  readonly token: string;
  readonly principal: Principal;
}

async function devicesOf(edge: Edge): Promise<readonly Device[]> {
  await edge.commands.createTenant(TENANT);
  const devices: Device[] = [];
  for (let i = 0; i < DEVICES; i++) {
    const made = await edge.commands.registerDevice(TENANT, { id: `dev-${i}`, externalIds: [] });
    if (!made.ok) throw new Error(made.why);
    const { token } = made.value;
    await edge.registry.caughtUp();
    const known = edge.authenticator.authenticate(token);
    if (!known.ok) throw new Error(`a token was refused: ${known.why}`);
    devices.push({ token, principal: known.principal });
  }
  return devices;
}

function draftOf(): EventDraft {
  const span = { payload: PAYLOAD, start: 0, end: PAYLOAD.length };
  return { partition: 0, prefix: NO_BYTES, extra: NO_BYTES, ...span, urgent: false };
}

/** The best of some rounds of `count` calls, microseconds of CPU each. */
async function best(count: number, call: (i: number) => boolean, rig: QuotaRig): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) if (!call(i)) throw new Error('a message was refused that had room');
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / count);
    await rig.pass(50);
  }
  return least;
}

/** One lease of each account for all of it: how often credit is asked for is measured elsewhere. */
async function lease(admission: Admission, rig: QuotaRig): Promise<void> {
  const count = (MESSAGES + REQUESTS) * (ROUNDS + 1);
  const gate = new Gate({ tenant: TENANT, device: 'dev-0', key: undefined, listener: 'mqtt', address: '10.0.0.1' });
  for (let hit = admission.room(gate, count, PAYLOAD.length * count, 5 * count); hit !== undefined;) {
    if (hit.account === undefined) throw new Error(`no room for all of it in ${hit.limit}`);
    admission.whenCredit(hit, () => undefined);
    await rig.pass(50);
    hit = admission.room(gate, count, PAYLOAD.length * count, 5 * count);
  }
}

async function mqtt(admission: Admission, devices: readonly Device[], rig: QuotaRig): Promise<number> {
  const sessions = devices.map(({ principal }, i) => {
    const device = principal.kind === 'device' ? principal.device : undefined;
    const sender = { tenant: TENANT, device, key: undefined, listener: 'mqtt', address: `10.0.${i}.1` };
    return { principal, gate: new SessionGate(admission, sender, () => undefined) };
  });
  const draft = draftOf();
  return best(
    MESSAGES,
    (i) => {
      const session = sessions[i & (DEVICES - 1)];
      if (session === undefined || session.principal.kind === 'admin') return false;
      if (!session.principal.grants.allows('telemetry:write')) return false;
      if (session.gate.over(1, draft, true) !== undefined) return false;
      session.gate.took();
      return true;
    },
    rig,
  );
}

async function http(context: { readonly edge: Edge; readonly admission: Admission; readonly rig: QuotaRig }, devices: readonly Device[]) {
  const { admission, edge, rig } = context;
  const requests = devices.map(({ token }, i) => {
    const socket = { remoteAddress: `10.0.${i}.1` };
    return { headers: { authorization: `Bearer ${token}` }, socket } as unknown as IncomingMessage;
  });
  const list = new EventList('json', NO_BYTES);
  list.devices.push(0);
  list.payloads.push(PAYLOAD);
  list.starts.push(0);
  list.ends.push(PAYLOAD.length);
  return best(
    REQUESTS,
    (i) => {
      const request = requests[i & (DEVICES - 1)];
      if (request === undefined) return false;
      const caller = callerOf(request, edge.authenticator);
      if ('code' in caller || caller.principal.kind === 'admin') return false;
      if (!caller.principal.grants.allows('telemetry:write')) return false;
      const gate = requestGate(admission, caller.principal, request);
      if (gate?.over(list) !== undefined) return false;
      gate?.took();
      return true;
    },
    rig,
  );
}

const edge = await startEdge();
const figures: Record<string, number> = {};
try {
  const devices = await devicesOf(edge);
  const cases = [
    { name: 'free', limit: (): void => undefined, own: {} },
    { name: 'device', limit: (rig: QuotaRig): void => rig.limit(TENANT, { eachDevice: { messages: MUCH } }), own: {} },
    {
      name: 'all',
      limit: (rig: QuotaRig): void => {
        rig.limitGroup(TENANT, 'g', { messages: MUCH });
        const perDay = { messages: 900e9 };
        rig.limit(TENANT, {
          messages: '1G/s burst 100G',
          bytes: '900G/s burst 900G',
          points: '900G/s burst 900G',
          perDay,
          eachDevice: { messages: MUCH, bytes: '900G/s' },
        });
      },
      own: { listener: { messages: MUCH }, prefix: { messages: MUCH, bytes: '900G/s' } },
    },
  ];
  for (const { limit, name, own } of cases) {
    const rig = new QuotaRig(() => ['g']);
    limit(rig);
    const admission = rig.edge(own);
    await lease(admission, rig);
    figures[`mqtt-${name}`] = await mqtt(admission, devices, rig);
    figures[`http-${name}`] = await http({ edge, admission, rig }, devices);
  }
} finally {
  await edge.stop();
}
console.log(JSON.stringify(figures));
process.exit(0);
