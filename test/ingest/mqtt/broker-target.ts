/** The broker that black-box tests drive: ours as a whole, from its command line, or mosquitto, to try the tests themselves. */
import { Mosquitto, mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';
import { Product } from '../../../loadtest/product/launch.ts';

/** The one place to change. */
export const TARGET: { readonly is: 'mosquitto' | 'twinfold' } = { is: 'twinfold' };

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

/** Anonymous clients may do everything in the tree. */
export function startBrokerTarget(): Promise<BrokerTarget> {
  return TARGET.is === 'mosquitto' ? startMosquitto() : startTwinfold();
}

/** `extra` are further lines of its configuration. */
export async function startMosquitto(extra: readonly string[] = []): Promise<BrokerTarget> {
  const mosquitto = await Mosquitto.start(mosquittoProgram('mosquitto') ?? 'mosquitto', extra);
  const { host, port } = mosquitto;
  return { host, port, url: `mqtt://${host}:${port}`, copies: 'each', stop: async () => mosquitto.stop() };
}

/** Anonymous clients are applications of the tenant `demo`. */
export async function startTwinfold(): Promise<BrokerTarget> {
  const product = new Product({ args: ['--mqtt-anonymous-tenant', 'demo', '--durability', 'process'] });
  try {
    await product.start();
    const { host, port } = product.mqtt();
    return { host, port, url: `mqtt://${host}:${port}`, copies: 'one', stop: () => product.dispose() };
  } catch (error) {
    await product.dispose();
    throw error;
  }
}
