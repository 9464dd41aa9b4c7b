/** Kills processes by a schedule, at random times and at named places, while the fleet goes on. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

import { commandOf, isAlive, signal, treeOf } from '../product/process-stat.ts';
import { sleep, TimedOut, waitFor } from '../product/wait.ts';
import type { FaultRun } from './fault-run.ts';
import { scheduleOf } from './schedule.ts';
import type { Fault } from './schedule.ts';

const CLI = resolve(import.meta.dirname, '../../engine/cli/twinfold.ts');
/** A killed part is back within this, or that is a violation. */
const BACK_MS_MAX = 60_000;
/** A failpoint that isn't reached within this under load is reported. */
const REACHED_MS_MAX = 45_000;
const WATCH_MS = 10;

export interface KillsDone {
  /** Deaths by what died, or by the failpoint's name. */
  readonly deaths: ReadonlyMap<string, number>;
  /** Failpoints whose place was never passed. */
  readonly notReached: readonly string[];
  /** Parts that didn't come back in time. */
  readonly notBack: readonly string[];
  /** From a kill to the part's new process, ms. */
  readonly backMs: readonly number[];
}

/** The failpoints that the product names itself. */
export function failpointsOfProduct(): readonly string[] {
  const text = execFileSync(process.execPath, [CLI, 'failpoints'], { encoding: 'utf8', timeout: 30_000 });
  return text.split('\n').flatMap((line) => {
    const name = /^\s*([a-z][a-z-]*\.[a-z-]+)/.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

export async function runKills(run: FaultRun): Promise<KillsDone> {
  const { durationMs, kills, only, seed } = run.options;
  const done = { deaths: new Map<string, number>(), notReached: [] as string[], notBack: [] as string[], backMs: [] as number[] };
  const end = performance.now() + durationMs;
  for (const fault of scheduleOf({ kills, seed, only, failpoints: failpointsOfProduct() })) {
    if (performance.now() > end) {
      run.say('the time for faults is over');
      break;
    }
    try {
      if (fault.kind === 'kill') await killOne(run, fault, done);
      else await dieAt(run, fault, done);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      done.notBack.push(`${nameOf(fault)}: ${error.message}`);
      run.say(`NOT BACK: ${nameOf(fault)}: ${error.message}`);
      if (!run.product.running()) await run.product.start();
    }
  }
  return done;
}

interface Tally {
  readonly deaths: Map<string, number>;
  readonly notReached: string[];
  readonly backMs: number[];
}

const nameOf = (fault: Fault): string => (fault.kind === 'kill' ? fault.victim : fault.name);

function count(tally: Tally, name: string): void {
  tally.deaths.set(name, (tally.deaths.get(name) ?? 0) + 1);
}

async function killOne(run: FaultRun, { victim, waitMs }: Fault & { readonly kind: 'kill' }, tally: Tally): Promise<void> {
  await sleep(waitMs);
  const { product } = run;
  if (victim === 'supervisor') {
    await product.killSupervisor();
    const killedMs = performance.now();
    count(tally, victim);
    run.say('killed supervisor, and with it everything');
    await product.start();
    tally.backMs.push(performance.now() - killedMs);
    return;
  }
  // The part may still be on its way back from the kill before.
  const pid = await waitFor(
    () => {
      const found = product.pidOf(victim);
      return found !== undefined && isAlive(found) && found;
    },
    { what: `a running ${victim}`, limitMs: BACK_MS_MAX },
  );
  signal(pid, 'SIGKILL');
  const killedMs = performance.now();
  count(tally, victim);
  run.say(`killed ${victim} (${pid})`);
  await waitFor(
    () => {
      const found = product.pidOf(victim);
      return found !== undefined && found !== pid && isAlive(found);
    },
    { what: `a new ${victim}`, limitMs: BACK_MS_MAX, everyMs: WATCH_MS },
  );
  tally.backMs.push(performance.now() - killedMs);
}

async function dieAt(run: FaultRun, fault: AtPlace, tally: Tally): Promise<void> {
  const { backMs, died } = await killAt(run, fault);
  count(tally, 'supervisor');
  if (died) count(tally, fault.name);
  else tally.notReached.push(fault.name);
  if (died) tally.backMs.push(backMs);
}

type AtPlace = Pick<Fault & { readonly kind: 'failpoint' }, 'name' | 'pass'>;

/**
 * Kills everything, starts the product with the failpoint armed and watches a process die of it; its successor is started
 * unarmed. Resolves when every part is up.
 */
export async function killAt(run: FaultRun, { name, pass }: AtPlace): Promise<{ readonly died: boolean; readonly backMs: number }> {
  const { product } = run;
  await product.killSupervisor();
  const supervisor = await product.launch({ TWINFOLD_FAILPOINTS: `${name}=kill@${pass}` });
  const died = await diesOf(supervisor);
  const diedMs = performance.now();
  run.say(died ? `died at ${name}@${pass}` : `failpoint ${name}@${pass} NOT reached`);
  await product.ready();
  return { died, backMs: performance.now() - diedMs };
}

/** Whether one of the supervisor's edge and engine processes ends in time. */
async function diesOf(supervisor: number): Promise<boolean> {
  const living = new Set<number>();
  const end = performance.now() + REACHED_MS_MAX;
  while (performance.now() < end) {
    for (const pid of living) if (!isAlive(pid)) return true;
    for (const pid of treeOf(supervisor)) if (!living.has(pid) && /(ingest|engine)\/main\.ts/.test(commandOf(pid))) living.add(pid);
    await sleep(WATCH_MS);
  }
  return false;
}
