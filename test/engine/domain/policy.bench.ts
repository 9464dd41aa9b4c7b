/**
 * What asking a policy costs, in nanoseconds of processor time a question: on a compiled policy of few and of many grants, and through the
 * grants that a live session holds, which look whether the registry has changed. Prints one line of JSON.
 */
import { compilePolicy } from '../../../engine/domain/policy.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { DEVICE_DEFAULTS, RegistryGrants } from '../../../ingest/credentials/grants.ts';
import type { Grants } from '../../../ingest/message.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import { deviceSubject } from '../../../ingest/registry/entries.ts';

const QUESTIONS = 2_000_000;
const TOPIC = Buffer.from('plant/north/line-7/press-12/temperature');

function nanosecondsOf(question: () => boolean): number {
  let yes = 0;
  for (let i = 0; i < QUESTIONS / 10; i++) yes += Number(question());
  const heapBefore = process.memoryUsage().heapUsed;
  const started = process.cpuUsage();
  for (let i = 0; i < QUESTIONS; i++) yes += Number(question());
  const { user, system } = process.cpuUsage(started);
  const ns = ((user + system) * 1e3) / QUESTIONS;
  bytesMax = Math.max(bytesMax, (process.memoryUsage().heapUsed - heapBefore) / QUESTIONS);
  if (yes === 0) throw new Error('nothing was allowed');
  return Math.round(ns * 10) / 10;
}

let bytesMax = 0;

async function liveGrants(): Promise<Grants> {
  const log = new MemoryRegistry();
  const cache = new RegistryCache(log, { now: () => Date.now(), monotonic: () => performance.now() });
  await cache.caughtUp();
  const policy = { allow: ['topic:plant/${tags.site}/#:pubsub'] };
  const entry = {
    kind: 'device',
    tenant: 'demo',
    id: 'd1',
    externalIds: [],
    createdMs: 1,
    credentials: [],
    policy,
    tags: { site: 'north' },
  } as const;
  await log.append(deviceSubject('demo', 'd1'), encodeEntry(entry), 0);
  await new Promise((resolve) => setImmediate(resolve));
  return new RegistryGrants(cache).device('demo', 'd1');
}

const many = Array.from({ length: 15 }, (_, i) => `topic:tree-${i}/+/x/#:pubsub`);
const few = compilePolicy([{ source: 'default', doc: DEVICE_DEFAULTS }], { tenant: 'demo' });
const wide = compilePolicy([{ source: 'wide', doc: { allow: [...many, 'topic:plant/+/+/#:pub'], deny: ['topic:secret/#:pub'] } }], {
  tenant: 'demo',
});
const live = await liveGrants();
const text = TOPIC.toString();
console.log(
  JSON.stringify({
    scope: nanosecondsOf(() => few.allows('telemetry:write')),
    scopeLive: nanosecondsOf(() => live.allows('telemetry:write')),
    scopePart: nanosecondsOf(() => few.allows('twin:write:reported')),
    topicBytesLive: nanosecondsOf(() => live.allowsPublish(TOPIC)),
    topicTextLive: nanosecondsOf(() => live.allowsPublish(text)),
    topicBytes17Grants: nanosecondsOf(() => wide.allowsPublish(TOPIC)),
    bytesAQuestion: Math.round(bytesMax * 100) / 100,
  }),
);
