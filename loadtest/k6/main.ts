/**
 * `npm run loadtest`: runs a k6 script (`-- --script NAME`: http-telemetry, mqtt-publish, mqtt-pubsub, websocket) against a product of its own, or against the one that TWINFOLD_URL names (with an
 * API key in TWINFOLD_KEY, or an admin token in TWINFOLD_ADMIN_TOKEN to make one). Exit code: k6's, so 99 when a threshold
 * was crossed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { ProductApi } from '../product/api.ts';
import { disposeOnSignals, Product } from '../product/launch.ts';
import { environment } from '../product/options.ts';
import type { Environment } from '../product/options.ts';
import { buildMqttK6 } from './build-mqtt.ts';
import { findK6, NoK6 } from './find-k6.ts';

const SCRIPTS = ['http-telemetry', 'mqtt-publish', 'mqtt-pubsub', 'websocket'] as const;
type Script = (typeof SCRIPTS)[number];
const TENANT = 'k6';
const DEVICES = 100;
const PREFIX = 'k6-';
const SCOPES = ['telemetry:write', 'telemetry:read', 'twin:read', 'topic:#:pubsub'];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** An API key for a tenant with all the script's devices. */
async function makeKey(url: string, adminToken: string, tenant: string): Promise<string> {
  const api = new ProductApi(() => url, adminToken, tenant);
  try {
    await api.ensureTenant(tenant);
    await api.ensureDevices(Array.from({ length: DEVICES }, (_, index) => `${PREFIX}${index}`));
    return await api.createKey(SCOPES);
  } finally {
    api.close();
  }
}

function runK6({ args, k6, script }: Wish, env: Environment): Promise<number> {
  const path = join(import.meta.dirname, `${script}.js`);
  return new Promise((resolve, reject) => {
    const child = spawn(k6, ['run', ...args, path], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

interface Wish {
  readonly script: Script;
  readonly k6: string;
  /** Of k6 itself. */
  readonly args: readonly string[];
}

async function wished(args: readonly string[], env: Environment): Promise<Wish> {
  const place = args.indexOf('--script');
  const name = place < 0 ? SCRIPTS[0] : args[place + 1];
  const script = SCRIPTS.find((one) => one === name);
  if (script === undefined) throw new NoK6(`--script is one of ${SCRIPTS.join(', ')}`);
  const k6 = script.startsWith('mqtt-') ? await buildMqttK6({ env, say }) : await findK6({ env, say });
  return { script, k6, args: place < 0 ? args : args.toSpliced(place, 2) };
}

/** The key to use on a system that is not ours. */
async function foreignKey(url: string, env: Environment): Promise<string> {
  const key = env['TWINFOLD_KEY'];
  if (key !== undefined) return key;
  const admin = env['TWINFOLD_ADMIN_TOKEN'];
  if (admin === undefined) {
    throw new NoK6(
      `TWINFOLD_URL is set: give TWINFOLD_KEY (scopes ${SCOPES.join(' ')}; devices ${PREFIX}0 to ${PREFIX}${DEVICES - 1} registered) or TWINFOLD_ADMIN_TOKEN`,
    );
  }
  return makeKey(url, admin, env['TWINFOLD_TENANT'] ?? TENANT);
}

async function main(env: Environment): Promise<number> {
  const wish = await wished(process.argv.slice(2), env);
  const url = env['TWINFOLD_URL'];
  const common = {
    ...env,
    TWINFOLD_DEVICES: env['TWINFOLD_DEVICES'] ?? String(DEVICES),
    TWINFOLD_DEVICE_PREFIX: env['TWINFOLD_DEVICE_PREFIX'] ?? PREFIX,
  };
  if (url !== undefined) return runK6(wish, { ...common, TWINFOLD_KEY: await foreignKey(url, env) });
  disposeOnSignals();
  const product = new Product();
  try {
    say('starting a product of its own in a temporary folder');
    const { http, mqtt } = await product.start();
    const key = await makeKey(http, product.adminToken(), TENANT);
    return await runK6(wish, { ...common, TWINFOLD_URL: http, TWINFOLD_MQTT_URL: mqtt, TWINFOLD_KEY: key });
  } finally {
    await product.dispose();
  }
}

try {
  process.exitCode = await main(environment());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof NoK6 ? 2 : 1;
}
