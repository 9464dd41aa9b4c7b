/** Measurements that need the inside of the product live beside its tests; they are run as programs that print JSON. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const LIMIT_MS = 300_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/** All lines of the program's output that are JSON objects, merged. Rejects when it fails or prints none. */
export async function runMeasurement(script: string, args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(resolve(ROOT, script))) throw new Error(`${script} is not in this checkout`);
  const output = await new Promise<string>((done, fail) => {
    execFile(
      process.execPath,
      ['--expose-gc', script, ...args],
      { cwd: ROOT, timeout: LIMIT_MS, maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else fail(new Error(`${script}: ${error.message}\n${stderr.slice(-500)}`));
      },
    );
  });
  const found = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  if (found.length === 0) throw new Error(`${script} printed no figures`);
  return Object.assign({}, ...found) as Readonly<Record<string, unknown>>;
}

/** A figure by its name. */
export function figureOf(figures: Readonly<Record<string, unknown>>, name: string): number {
  const figure = figures[name];
  const value = typeof figure === 'object' && figure !== null && 'value' in figure ? figure.value : figure;
  if (typeof value !== 'number') throw new Error(`no figure ${name} among ${Object.keys(figures).join(', ')}`);
  return value;
}
