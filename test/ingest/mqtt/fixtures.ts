/** What the tests of the MQTT edge share: a clock, an authenticator over a fixed set of tokens, and a listener with all of it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../engine/kernel/clock.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { compilePolicy } from '../../../engine/domain/policy.ts';
import { pepperOf } from '../../../ingest/credentials/credentials.ts';
import { DeviceDirectory } from '../../../ingest/registry/device-directory.ts';
import { DEVICE_DEFAULTS } from '../../../ingest/credentials/grants.ts';
import type { Authenticator, AuthResult, Grants } from '../../../ingest/message.ts';
import type { MqttRefusal } from '../../../ingest/mqtt/counters.ts';
import { startMqttListener, type MqttListener, type MqttListenerOptions } from '../../../ingest/mqtt/listener.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { TelemetrySplitter } from '../../../ingest/telemetry/split.ts';
import { VIA } from '../../../schemas/envelope.ts';
import { loneBroker } from './lone-broker.ts';
import { MemoryIntake, type MemoryIntakeOptions } from './memory-intake.ts';
import { connectPacket } from './client-codec.ts';
import { Wire } from './vectors.ts';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export interface TestAuthenticator extends Authenticator {
  /** The key's policy becomes another one, also for sessions that live. */
  restrict(credential: string, ...scopes: readonly string[]): void;
  revoke(credential: string): void;
  listeners(): number;
}

function granted(...allow: readonly string[]): Grants {
  return compilePolicy([{ source: 'test', doc: { allow } }], { tenant: 'demo' });
}

/** What is asked is what is granted at that moment. */
function live(current: () => Grants): Grants {
  const get = (_target: Grants, name: string | symbol): unknown => {
    const grants = current();
    const value: unknown = Reflect.get(grants, name, grants);
    return typeof value === 'function' ? (value.bind(grants) as unknown) : value;
  };
  return new Proxy(current(), { get });
}

/** `device:<id>` is a device of tenant demo, `device:<id>+<grants>` one with more than the defaults, `revoked`, `behind` and `bad` fail, `admin` is the admin,
 * `may:<grants>` is a key with those, `may@<tenant>:<grants>` one of another tenant, all else one with telemetry:write. */
export function testAuthenticator(): TestAuthenticator {
  const callbacks = new Map<string, Set<() => void>>();
  const restricted = new Map<string, Grants>();
  return {
    restrict: (credential, ...scopes) => void restricted.set(credential, granted(...scopes)),
    authenticate: (token): AuthResult => {
      if (token === 'bad') return { ok: false, why: 'unknown-credential' };
      if (token === 'revoked') return { ok: false, why: 'revoked' };
      if (token === 'behind') return { ok: false, why: 'registry-behind' };
      if (token === 'admin') return { ok: true, principal: { kind: 'admin', tenant: undefined, credential: token } };
      if (token.startsWith('device:')) {
        const [device = '', more] = token.slice('device:'.length).split('+');
        return {
          ok: true,
          principal: {
            kind: 'device',
            tenant: 'demo',
            device,
            credential: token,
            group: undefined,
            grants: granted(...DEVICE_DEFAULTS.allow, ...(more?.split(' ') ?? [])),
          },
        };
      }
      const [, tenant = 'demo', given] = /^may(?:@(\w+))?:(.*)$/.exec(token) ?? [];
      const scopes = given === undefined ? [token === 'reader' ? 'telemetry:read' : 'telemetry:write'] : given.split(' ');
      const first = granted(...scopes);
      const grants = live(() => restricted.get(token) ?? first);
      return { ok: true, principal: { kind: 'key', tenant, credential: token, scopes, group: undefined, grants } };
    },
    authenticateCertificate: () => ({ ok: false, why: 'unknown-credential' }),
    onRevoked: (credential, callback) => {
      const set = callbacks.get(credential) ?? new Set();
      callbacks.set(credential, set);
      set.add(callback);
      return () => {
        set.delete(callback);
      };
    },
    revoke: (credential) => {
      for (const callback of callbacks.get(credential) ?? []) callback();
    },
    listeners: () => [...callbacks.values()].reduce((sum, set) => sum + set.size, 0),
  };
}

/** Over a registry that has these devices, in tenant demo. */
export async function testSplitter(partitions: number, devices: readonly string[] = []): Promise<TelemetrySplitter> {
  const log = new MemoryRegistry();
  const registry = new RegistryCache(log, systemClock);
  await registry.caughtUp();
  const commands = new RegistryCommands({ log, cache: registry, clock: systemClock, randomBytes, pepper: pepperOf('test-pepper') });
  await commands.createTenant('demo');
  for (const id of devices) await commands.registerDevice('demo', { id, externalIds: [`urn:${id}`] });
  return new TelemetrySplitter(new DeviceDirectory({ registry, partitions, via: VIA.mqtt }));
}

export interface Edge {
  readonly listener: MqttListener;
  readonly intake: MemoryIntake;
  readonly authenticator: TestAuthenticator;
  readonly refusals: MqttRefusal[];
  connect(): Promise<Wire>;
  /** Connected and let in. */
  device(level: 4 | 5, id: string): Promise<Wire>;
  close(): Promise<void>;
}

export async function startEdge(
  options: Partial<MqttListenerOptions> = {},
  intakeOptions: Partial<MemoryIntakeOptions> = {},
): Promise<Edge> {
  const intake = new MemoryIntake(intakeOptions);
  const authenticator = testAuthenticator();
  const refusals: MqttRefusal[] = [];
  const { broker, desk, shares, stop } = loneBroker(intake, systemClock);
  const listener = await startMqttListener({
    host: '127.0.0.1',
    port: 0,
    authenticator,
    intake,
    broker,
    desk,
    shares,
    log: silentLog,
    splitter: await testSplitter(intake.partitions, ['dev-1', 'dev-2']),
    edge: 'edge-1',
    clock: systemClock,
    counters: { count: (why) => void refusals.push(why), stored: () => undefined, acknowledged: () => undefined, unsent: () => undefined },
    ...options,
  });
  const wires: Wire[] = [];
  const connect = async (): Promise<Wire> => {
    const wire = await Wire.open(listener.port);
    wires.push(wire);
    return wire;
  };
  return {
    listener,
    intake,
    authenticator,
    refusals,
    connect,
    device: async (level, id) => {
      const wire = await connect();
      wire.send(connectPacket({ level, password: `device:${id}` }));
      const connack = await wire.packet();
      if (connack?.[3] !== 0) throw new Error(`not let in: ${connack?.toString('hex')}`);
      return wire;
    },
    close: async () => {
      for (const wire of wires) wire.destroy();
      await listener.close();
      stop();
    },
  };
}

const UNTIL_MS_MAX = 10_000;

/** Resolves when the condition holds, and gives up loudly: a poll that goes on for ever would keep the process. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + UNTIL_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
