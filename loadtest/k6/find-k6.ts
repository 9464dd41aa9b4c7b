/** Where k6 comes from: the PATH, our cache, or built there with Go. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import type { Environment } from '../product/options.ts';

/** The version that the script was written for; any newer 1.x does. */
export const K6_MODULE = 'go.k6.io/k6@v1.8.1';

export interface FindOptions {
  readonly env: Environment;
  readonly say: (line: string) => void;
}

export class NoK6 extends Error {
  override readonly name = 'NoK6';
}

export function cacheFolder(env: FindOptions['env']): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'twinfold');
}

/** The first program of that name in the folders of PATH. */
export function onPath(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate));
}

export function goProgram(env: Environment): string | undefined {
  return onPath('go', env['PATH']) ?? ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((candidate) => existsSync(candidate));
}

/** Rejects with NoK6, whose message says what to do. */
export async function findK6(options: FindOptions): Promise<string> {
  const { env, say } = options;
  const installed = onPath('k6', env['PATH']);
  if (installed !== undefined && works(installed)) return installed;
  const cached = join(cacheFolder(env), 'k6');
  if (existsSync(cached) && works(cached)) return cached;
  const go = goProgram(env);
  if (go === undefined) {
    throw new NoK6(`k6 is neither on the PATH nor in ${cacheFolder(env)}, and there is no Go to build it with.
Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) or Go 1.25 or newer, then run this again.`);
  }
  mkdirSync(cacheFolder(env), { recursive: true });
  say(`building k6 (go install ${K6_MODULE}) into ${cacheFolder(env)}: this takes some minutes, once`);
  await build(go, cacheFolder(env), env);
  if (!works(cached)) throw new NoK6(`go install ${K6_MODULE} made no program that runs`);
  return cached;
}

function works(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function build(go: string, folder: string, env: FindOptions['env']): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(go, ['install', K6_MODULE], { env: { ...env, GOBIN: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-2_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new NoK6(`go install ${K6_MODULE} failed:\n${errors}`));
    });
  });
}
