/**
 * The end of a stream is cut off while the product is down, as a power loss without fsync or a restored backup would: the
 * product must notice, say what is gone, go on behind it, and never give a position twice.
 */
import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { controlStreamOf, inputStreamOf } from '../checker/read-log.ts';
import { sleep } from '../product/wait.ts';
import type { FaultRun, RunEnd } from './fault-run.ts';
import type { Scenario, ScenarioEnd, Statement } from './scenario.ts';

const LOADED_MS = 10_000;
const AFTERWARDS_MS = 10_000;
const PARTITION = 0;
/** Cut from the end of the newest block: some messages, and one of them in the middle. */
const CUT_SHARE = 0.2;
const CUT_BYTES_MAX = 200_000;

function streamFolder(data: string, stream: string): string {
  const jetstream = join(data, 'nats', 'store', 'jetstream');
  const account = readdirSync(jetstream).find((name) => existsSync(join(jetstream, name, 'streams', stream)));
  if (account === undefined) throw new Error(`no stream ${stream} below ${jetstream}`);
  return join(jetstream, account, 'streams', stream, 'msgs');
}

/** Shortens the newest block of a stopped server's stream; its index goes too, so that the server reads the block itself. */
export function cutEnd(data: string, stream: string): number {
  const folder = streamFolder(data, stream);
  const blocks = readdirSync(folder)
    .filter((name) => name.endsWith('.blk') && statSync(join(folder, name)).size > 0)
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const last = blocks.at(-1);
  if (last === undefined) throw new Error(`stream ${stream} is empty`);
  const { size } = statSync(join(folder, last));
  const cut = Math.ceil(Math.min(size * CUT_SHARE, CUT_BYTES_MAX));
  truncateSync(join(folder, last), size - cut);
  rmSync(join(folder, 'index.db'), { force: true });
  return cut;
}

async function cutAndGoOn(run: FaultRun, stream: string): Promise<ScenarioEnd> {
  await sleep(LOADED_MS);
  await run.product.killSupervisor();
  run.say('everything is killed');
  const cut = cutEnd(run.product.data, stream);
  run.say(`${cut} bytes are cut off the end of ${stream}`);
  await run.product.start();
  run.say('started again');
  const acked = run.history.counts.ok;
  await sleep(AFTERWARDS_MS);
  return {
    statements: [{ says: 'after the cut, events are acknowledged again', holds: run.history.counts.ok > acked }],
    figures: { 'bytes cut off': cut },
  };
}

/** The check itself allows for nothing beyond what was reported. */
function reported(end: RunEnd): readonly Statement[] {
  const gone = end.verdict.lost.some(({ keptSeq, resumedSeq }) => resumedSeq > keptSeq + 1);
  return [{ says: 'the product reports in its control log what is gone', holds: gone }];
}

export const logTruncated: Scenario = {
  run: (run) => cutAndGoOn(run, inputStreamOf(PARTITION)),
  judge: reported,
};

export const controlTruncated: Scenario = {
  run: (run) => cutAndGoOn(run, controlStreamOf(PARTITION)),
};
