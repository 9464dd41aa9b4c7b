/**
 * A k6 with MQTT in it, built from `mqtt/` with Go and kept in the user's cache under a name of its sources: it is built
 * once for each version of them, and versions of k6 and of all modules are those of `mqtt/go.sum`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import type { Environment } from '../product/options.ts';
import { cacheFolder, goProgram, NoK6 } from './find-k6.ts';

const SOURCES = join(import.meta.dirname, 'mqtt');
const NAME_CHARS = 12;
const ERROR_CHARS = 2_000;
const VERSION_MS_MAX = 20_000;

/** Where it is kept once it is built. */
export function mqttK6Path(env: Environment): string {
  const hash = createHash('sha256');
  for (const file of globSync('{go.*,**/*.go}', { cwd: SOURCES }).toSorted()) hash.update(file).update(readFileSync(join(SOURCES, file)));
  return join(cacheFolder(env), `k6-mqtt-${hash.digest('hex').slice(0, NAME_CHARS)}`);
}

/** The program's path. Rejects with NoK6, whose message says what to do. */
export async function buildMqttK6(options: { readonly env: Environment; readonly say: (line: string) => void }): Promise<string> {
  const { env, say } = options;
  const path = mqttK6Path(env);
  if (existsSync(path) && spawnSync(path, ['version'], { stdio: 'ignore', timeout: VERSION_MS_MAX }).status === 0) return path;
  const go = goProgram(env);
  if (go === undefined) throw new NoK6('a k6 with MQTT is built with Go 1.25 or newer, which is not here: install it, then run this again');
  mkdirSync(cacheFolder(env), { recursive: true });
  say(`building k6 with MQTT into ${path}: this takes some minutes, once`);
  // Whoever builds at the same time writes the same; a half-written program never has the name.
  const written = `${path}.${process.pid}`;
  await goBuild(go, written, env);
  renameSync(written, path);
  return path;
}

function goBuild(go: string, path: string, env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['build', '-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-o', path, '.'];
    const child = spawn(go, args, { cwd: SOURCES, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-ERROR_CHARS)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new NoK6(`go build of ${SOURCES} failed:\n${errors}`));
    });
  });
}
