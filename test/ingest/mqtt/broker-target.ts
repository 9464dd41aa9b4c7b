/** The broker that black-box tests drive: ours as a whole (log, edge, engine), or mosquitto, to try the tests themselves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GOODBYE } from '../../../loadtest/mqtt/packets.ts';
import { RawClient } from '../../../loadtest/mqtt/raw-client.ts';
import { Mosquitto, mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';
import { startChild } from '../../support/child-process.ts';
import { until } from '../../support/processes.ts';
import { withNats } from '../../support/servers.ts';
import { ADMIN_TOKEN } from '../edge-process.ts';

/** The one place to change. */
export const TARGET: { readonly is: 'mosquitto' | 'twinfold' } = { is: 'mosquitto' };

export interface BrokerTarget {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** How it delivers where subscriptions of one client overlap. */
  readonly copies: 'each' | 'one';
  stop(): Promise<void>;
}

export const NO_MOSQUITTO = mosquittoProgram('mosquitto') === undefined ? 'mosquitto is not installed' : false;

/** Why the target can't be had here; false where it can. */
export const NO_TARGET = TARGET.is === 'mosquitto' ? NO_MOSQUITTO : false;

/** Anonymous clients are applications of the tenant `demo`, and may do everything in its tree. */
export function startBrokerTarget(): Promise<BrokerTarget> {
  return TARGET.is === 'mosquitto' ? startMosquitto() : startTwinfold();
}

/** `extra` are further lines of its configuration. */
export async function startMosquitto(extra: readonly string[] = []): Promise<BrokerTarget> {
  const mosquitto = await Mosquitto.start(mosquittoProgram('mosquitto') ?? 'mosquitto', extra);
  const { host, port } = mosquitto;
  return { host, port, url: `mqtt://${host}:${port}`, copies: 'each', stop: async () => mosquitto.stop() };
}

export async function startTwinfold(): Promise<BrokerTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-broker-'));
  const nats = await withNats();
  const children: { kill(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.kill()));
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    children.push(await startChild({ role: 'engine', name: 'broker-engine', folder, nats }));
    const config = { mqttPort: 0, mqttAnonymousTenant: 'demo', adminToken: ADMIN_TOKEN };
    const edge = await startChild({ role: 'edge', name: 'broker', folder, nats, config });
    children.push(edge);
    const port = edge.ready.ports.mqtt ?? 0;
    await until(() => keepsSessions(port), 'sessions that are kept');
    return { host: '127.0.0.1', port, url: `mqtt://127.0.0.1:${port}`, copies: 'one', stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether the engine has taken its partitions: sessions of some names, so that each has one. */
async function keepsSessions(port: number): Promise<boolean> {
  const names = Array.from({ length: 16 }, (_, n) => `early-${n}`);
  const address = { host: '127.0.0.1', port };
  const opened = await Promise.all(
    names.map((clientId) =>
      RawClient.open(address, { clientId, clean: false, keepAliveS: 10 }, { packet: () => undefined })
        .then((client) => client.leave(GOODBYE, 1_000))
        .then(
          () => true,
          () => false,
        ),
    ),
  );
  return opened.every(Boolean);
}
