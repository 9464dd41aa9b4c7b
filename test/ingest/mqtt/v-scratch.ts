import { silentLog } from '../../../engine/observability/log.ts';
import { startMqttListener } from '../../../ingest/mqtt/listener.ts';
import { loneBroker } from './lone-broker.ts';
import { systemClock, testAuthenticator, testSplitter } from './fixtures.ts';
import { MemoryIntake } from './memory-intake.ts';
import { runVectorFile, vectorFiles } from './vectors.ts';
const FOLDER = '/work/shared/vectors/mqtt';
let s = 0,
  l = 0,
  n = 0;
for (const file of vectorFiles(FOLDER)) {
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
  const v = await runVectorFile(FOLDER, file, listener.port);
  for (const x of v) {
    n++;
    if (x.strict) s++;
    if (x.loose) l++;
    if (!x.strict) console.log(`${x.loose ? 'L' : 'X'} ${x.file} / ${x.group} / ${x.name}: ${x.got}`);
  }
  await listener.close();
  stop();
}
console.log(s, l, n);
