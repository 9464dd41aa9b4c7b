/** The listener against Mosquitto's packet vectors, which stand beside the project, not in it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '../../../engine/observability/log.ts';
import { startMqttListener } from '../../../ingest/mqtt/listener.ts';
import { loneBroker } from './lone-broker.ts';
import { systemClock, testAuthenticator, testSplitter } from './fixtures.ts';
import { MemoryIntake } from './memory-intake.ts';
import { exceptionFor, VECTOR_EXCEPTIONS } from './vector-exceptions.ts';
import { runVectorFile, vectorFiles, type Verdict } from './vectors.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/vectors/mqtt');

async function judge(file: string): Promise<Verdict[]> {
  const intake = new MemoryIntake();
  const { broker, desk, shares, stop } = loneBroker(intake, systemClock);
  const listener = await startMqttListener({
    host: '127.0.0.1',
    port: 0,
    broker,
    desk,
    shares,
    log: silentLog,
    authenticator: testAuthenticator(),
    intake,
    splitter: await testSplitter(intake.partitions),
    edge: 'vectors',
    clock: systemClock,
    counters: { count: () => undefined, stored: () => undefined, acknowledged: () => undefined, unsent: () => undefined },
    anonymousTenant: 'demo',
  });
  try {
    return await runVectorFile(FOLDER, file, listener.port);
  } finally {
    await listener.close();
    stop();
  }
}

test('every packet vector ends as expected or has an exception with a reason', { timeout: 120_000 }, async (t) => {
  if (!existsSync(FOLDER)) {
    t.skip('the packet vectors are not here (../shared/vectors/mqtt)');
    return;
  }
  const verdicts = (await Promise.all(vectorFiles(FOLDER).map(judge))).flat();
  assert.ok(verdicts.length > 1_500, `only ${verdicts.length} vectors were found`);
  for (const file of vectorFiles(FOLDER)) {
    const own = verdicts.filter((verdict) => verdict.file === file);
    const strict = own.filter((verdict) => verdict.strict).length;
    const loose = own.filter((verdict) => verdict.loose).length;
    t.diagnostic(`${file}: strict ${strict}, loose ${loose}, of ${own.length}`);
  }
  const strict = verdicts.filter((verdict) => verdict.strict).length;
  const loose = verdicts.filter((verdict) => verdict.loose).length;
  t.diagnostic(`all: strict ${strict}, loose ${loose}, of ${verdicts.length}`);
  const wrong = verdicts.flatMap((verdict) => {
    const exception = exceptionFor(verdict);
    const where = `${verdict.file} / ${verdict.group} / ${verdict.name}: ${verdict.got}`;
    if (exception === undefined) return verdict.strict ? [] : [`failed: ${where}`];
    if (exception.score === 'loose') return verdict.loose ? [`passed in spite of "${exception.reason}": ${where}`] : [];
    if (!verdict.loose) return [`failed even loosely: ${where}`];
    return verdict.strict ? [`passed in spite of "${exception.reason}": ${where}`] : [];
  });
  assert.deepEqual(wrong, []);
  const unused = VECTOR_EXCEPTIONS.filter((one) => !verdicts.some((verdict) => exceptionFor(verdict) === one));
  assert.deepEqual(unused, []);
});
