/** Histories whose logs then lose their ends, and what must hold after they were mended. */
import assert from 'node:assert/strict';
import type { LogMessage } from '../../engine/ports/input-log.ts';
import type { Hook } from './hooked-port.ts';
import { jsonEvent } from './log-frames.ts';
import { assertRecordsContiguous, Expected, messagesOf, storedRows } from './owner-checks.ts';
import type { TestEdge, World } from './owner-harness.ts';
import { until } from './processes.ts';

/** Sends events and lets them be committed one record at a time, so that records have few messages. */
export async function fill(
  world: World,
  edge: TestEdge,
  said: { readonly batches: readonly number[]; readonly hook?: Hook },
): Promise<void> {
  const { batches, hook } = said;
  const life = world.start(hook === undefined ? {} : { hook });
  await life.state('folding');
  let n = 0;
  for (const size of batches) {
    for (let i = 0; i < size; i++) edge.send([jsonEvent(`d${(n % 3) + 1}`, { n: ++n }), jsonEvent('d9', { n })]);
    const { lastSeq } = await world.input.bounds(0);
    await until(() => life.owner.status()['checkpoint'] === lastSeq, 'the batch to be covered');
  }
  if (hook === undefined) await life.drained();
  await life.crash();
}

/** What must be so after a lost end, whatever happened on the way. `before` is the log as it once was. */
export async function assertMended(
  world: World,
  lost: { readonly before: readonly LogMessage[]; readonly keptSeq: number; readonly devices: readonly string[] },
): Promise<void> {
  const { before, keptSeq } = lost;
  const survivors = before.filter((message) => message.seq <= keptSeq);
  const later = await messagesOf(world);
  assert.ok(
    later.every((message) => message.seq > (before.at(-1)?.seq ?? 0)),
    'no position is used twice',
  );
  const expected = new Expected([...survivors, ...later]);
  const gone = new Set(new Expected(before).rows.filter((row) => Number(row.split('.')[0]) > keptSeq));
  const stored = storedRows(world);
  assert.deepEqual(stored.filter((row) => !gone.has(row)).toSorted(), expected.rows.toSorted(), 'rows of what survived, once');
  assert.equal(new Set(stored).size, stored.length, 'none twice');
  await assertRecordsContiguous(world);
  const life = world.start();
  await life.state('folding');
  for (const device of lost.devices) assert.deepEqual(await life.twin(device), expected.run.twin(device), device);
  await life.stop();
}
