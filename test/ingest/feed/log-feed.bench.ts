/** What an item costs at the head: nobody of its tenant, one reader, a thousand of one device each, a thousand of all. */
import { encodeControlRecord } from '../../../schemas/envelope.ts';
import { MemoryControlLog } from '../../../engine/memory/memory-control-log.ts';
import { MemoryInputLog } from '../../../engine/memory/memory-input-log.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { itemText } from '../../../ingest/feed/item-json.ts';
import { LogFeed } from '../../../ingest/feed/log-feed.ts';
import { decodeToken } from '../../../ingest/feed/place.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';

const EVENTS_A_MESSAGE = 100;
const DEVICES = 1_000;
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

interface Case {
  readonly name: string;
  readonly messages: number;
  readonly listen: (feed: LogFeed, heard: () => void) => Promise<number>;
}

const CASES: readonly Case[] = [
  {
    name: 'one reader of another tenant',
    messages: 1_000,
    listen: async (feed) => {
      await feed.open({ tenant: 'other', kinds: ['telemetry'] });
      return 0;
    },
  },
  { name: 'one reader of all', messages: 1_000, listen: async (feed, heard) => readers(feed, heard, [undefined]) },
  { name: 'one subscriber of all', messages: 1_000, listen: async (feed, heard) => subscriber(feed, heard) },
  {
    name: '1,000 readers of one device each',
    messages: 1_000,
    listen: async (feed, heard) =>
      readers(
        feed,
        heard,
        Array.from({ length: DEVICES }, (_, i) => `d${i}`),
      ),
  },
  {
    name: '1,000 readers of all, a delivered item',
    messages: 10,
    listen: async (feed, heard) =>
      readers(
        feed,
        heard,
        Array.from({ length: 1_000 }, () => undefined),
      ),
  },
  {
    name: '1,000 readers of all with their text, a delivered item',
    messages: 10,
    listen: async (feed, heard) =>
      readers(
        feed,
        heard,
        Array.from({ length: 1_000 }, () => undefined),
        true,
      ),
  },
];

// oxlint-disable-next-line max-params
async function readers(feed: LogFeed, heard: () => void, devices: readonly (string | undefined)[], withText = false): Promise<number> {
  for (const device of devices) {
    const reader = await feed.open({ tenant: 't', device, kinds: ['telemetry'], budgetBytes: 1024 * 1024 });
    void (async () => {
      for await (const { items } of reader)
        for (const item of items) {
          if (withText) text += `id: ${reader.tokenAfter(item)}\ndata: ${itemText(item)}\n\n`.length;
          heard();
        }
    })();
  }
  return devices[0] === undefined ? devices.length : 1;
}

let text = 0;

async function subscriber(feed: LogFeed, heard: () => void): Promise<number> {
  await feed.subscribe({ kinds: ['telemetry'], item: heard, missed: () => undefined }).ready;
  return 1;
}

for (const { listen, messages, name } of CASES) {
  const input = new MemoryInputLog();
  const records = new MemoryControlLog(clock.now);
  const feed = new LogFeed({ input, records, partitions: 1, clock, log: silentLog });
  let items = 0;
  const copies = await listen(feed, () => items++);
  const events = messages * EVENTS_A_MESSAGE;
  for (let m = 0; m < messages; m++) {
    const batch = Array.from({ length: EVENTS_A_MESSAGE }, (_, i) =>
      jsonEvent(`d${(m * EVENTS_A_MESSAGE + i) % DEVICES}`, { n: m, t: 21.5, h: 40.25 }),
    );
    input.append(0, batchOf({ edgeEpoch: 1, counter: m + 1, events: batch }), Date.now());
  }
  const from = process.cpuUsage();
  for (let m = 1; m <= messages; m++) await records.append(0, encodeControlRecord({ fromSeq: m, toSeq: m, last: { seq: m } }), m - 1);
  const told = copies === 0 ? 0 : events * copies;
  const probe = await feed.open({ tenant: 'probe', kinds: ['telemetry'] });
  const isThrough = (): boolean => items >= told && (decodeToken(probe.token(), 1)?.get(0)?.seq ?? 0) > messages;
  while (!isThrough()) await new Promise((resolve) => setImmediate(resolve));
  const { system, user } = process.cpuUsage(from);
  console.log(`${name.padEnd(56)} ${((user + system) / Math.max(events, told)).toFixed(2)} µs`);
  feed.close();
}

console.log(`text ${text > 0 ? 'was made' : 'was not made'}`);
