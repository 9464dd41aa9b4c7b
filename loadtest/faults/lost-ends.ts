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
export interface Cut {
  readonly share: number;
  readonly bytesMax: number;
}
const CUT: Cut = { share: 0.2, bytesMax: 200_000 };
/**
 * Where both logs are cut: a second or two of messages, which ClickHouse has by then, and a little more of the records
 * over them, so that survivors are left that no record covers. At the usual rate no snapshot but the newest goes with it.
 */
const CUT_OF_BOTH = { input: { share: 0.2, bytesMax: 100_000 }, control: { share: 0.3, bytesMax: 30_000 } } as const;

function streamFolder(data: string, stream: string): string {
  const jetstream = join(data, 'nats', 'store', 'jetstream');
  const account = readdirSync(jetstream).find((name) => existsSync(join(jetstream, name, 'streams', stream)));
  if (account === undefined) throw new Error(`no stream ${stream} below ${jetstream}`);
  return join(jetstream, account, 'streams', stream, 'msgs');
}

/** Shortens the newest block of a stopped server's stream; its index goes too, so that the server reads the block itself. */
export function cutEnd(data: string, stream: string, cut: Cut = CUT): number {
  const folder = streamFolder(data, stream);
  const blocks = readdirSync(folder)
    .filter((name) => name.endsWith('.blk') && statSync(join(folder, name)).size > 0)
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const last = blocks.at(-1);
  if (last === undefined) throw new Error(`stream ${stream} is empty`);
  const { size } = statSync(join(folder, last));
  const bytes = Math.ceil(Math.min(size * cut.share, cut.bytesMax));
  truncateSync(join(folder, last), size - bytes);
  rmSync(join(folder, 'index.db'), { force: true });
  return bytes;
}

interface ToldPartition {
  readonly partition: number;
  readonly losses?: readonly { readonly log: string; readonly fromSeq: number; readonly toSeq: number; readonly resumedSeq?: number }[];
}

/** What `/v1/partitions` says is gone; the check allows for that and for nothing else. */
async function noteLosses(run: FaultRun): Promise<void> {
  const answer = await run.api.call('GET', '/v1/partitions');
  const { items } = JSON.parse(answer.body.toString('utf8')) as { readonly items: readonly ToldPartition[] };
  for (const { losses, partition } of items) {
    for (const { fromSeq, log, resumedSeq, toSeq } of losses ?? []) {
      run.say(`partition ${partition} tells of a loss: ${log} log, ${fromSeq} to ${toSeq}`);
      if (resumedSeq !== undefined) run.lost.push({ partition, keptSeq: fromSeq - 1, resumedSeq });
    }
  }
}

async function cutAndGoOn(run: FaultRun, cuts: readonly (readonly [stream: string, cut: Cut])[]): Promise<ScenarioEnd> {
  await sleep(LOADED_MS);
  await run.product.killSupervisor();
  run.say('everything is killed');
  const figures: Record<string, number> = {};
  for (const [stream, cut] of cuts) {
    const bytes = cutEnd(run.product.data, stream, cut);
    figures[`bytes cut off ${stream}`] = bytes;
    run.say(`${bytes} bytes are cut off the end of ${stream}`);
  }
  await run.product.start();
  run.say('started again');
  const acked = run.history.counts.ok;
  await sleep(AFTERWARDS_MS);
  await noteLosses(run);
  return {
    statements: [{ says: 'after the cut, events are acknowledged again', holds: run.history.counts.ok > acked }],
    figures,
  };
}

/** The check itself allows for nothing beyond what was reported. */
function reported(end: RunEnd): readonly Statement[] {
  const gone = end.verdict.lost.some(({ keptSeq, resumedSeq }) => resumedSeq > keptSeq + 1);
  return [{ says: 'the product reports what is gone', holds: gone }];
}

export const logTruncated: Scenario = {
  run: (run) => cutAndGoOn(run, [[inputStreamOf(PARTITION), CUT]]),
  judge: reported,
};

export const controlTruncated: Scenario = {
  run: (run) => cutAndGoOn(run, [[controlStreamOf(PARTITION), CUT]]),
};

/** As power loss does it where an acknowledgement isn't fsynced: the logs lose different ends, and ClickHouse is ahead of both. */
export const bothTruncated: Scenario = {
  run: (run) =>
    cutAndGoOn(run, [
      [inputStreamOf(PARTITION), CUT_OF_BOTH.input],
      [controlStreamOf(PARTITION), CUT_OF_BOTH.control],
    ]),
  judge: reported,
};
