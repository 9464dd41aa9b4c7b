/** Processes as tests see them: alive or gone. A process that nobody has buried yet counts as gone. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const GONE_MS_MAX = 30_000;
const POLL_MS = 10;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const state = /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return state !== 'Z' && state !== 'X';
  } catch {
    return process.platform !== 'linux';
  }
}

export async function untilGone(...pids: readonly number[]): Promise<void> {
  await until(() => pids.every((pid) => !isAlive(pid)), `the end of ${pids.join(', ')}`);
}

/** Waits for a condition that must come true; says what it waited for if it doesn't. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + GONE_MS_MAX;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${GONE_MS_MAX} ms in vain for ${what}`);
    await sleep(POLL_MS);
  }
}
