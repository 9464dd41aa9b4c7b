import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogBounds } from '../../../engine/ports/input-log.ts';
import type { Fill, StreamFill } from '../../../ingest/health/disk-guard.ts';
import type { TimeToFull } from '../../../ingest/health/fill-rate.ts';
import type { ReadinessParts } from '../../../ingest/health/readiness.ts';
import { fullnessText, readiness } from '../../../ingest/health/readiness.ts';

/** Nothing is asked of the log while there is no connection to it; what an acknowledgement means is told all the same. */
async function told(config: ReadinessParts['config']): Promise<readonly [string, string]> {
  const unasked = (): never => assert.fail('asked without a connection');
  const { parts, durability } = await readiness({
    config,
    connected: () => false,
    disk: { isFull: false, freeBytes: 1, disk: unasked, streamToFull: unasked },
    input: { follow: unasked, range: unasked, get: unasked, bounds: unasked },
    analytics: { ping: unasked },
    ask: { twin: unasked, outcomes: unasked, session: unasked, status: unasked },
    partitions: 4,
  })();
  assert.deepEqual(
    parts.map(({ status }) => status),
    ['down'],
  );
  return [durability.asked, durability.inForce];
}

describe('what readiness says of durability', () => {
  it('is what the server does, which may be more than was asked for', async () => {
    assert.deepEqual(await told({ durability: 'disk', durabilityInForce: 'disk' }), ['disk', 'disk']);
    assert.deepEqual(await told({ durability: 'process', durabilityInForce: 'disk' }), ['process', 'disk']);
  });

  it('is unknown where the server does not say, unless nothing of it is needed', async () => {
    assert.deepEqual(await told({ durability: 'disk' }), ['disk', 'unknown']);
    assert.deepEqual(await told({ durability: 'process' }), ['process', 'process']);
  });
});

interface Filling {
  /** Percent of each partition's stream. */
  readonly streams: readonly number[];
  readonly toFull?: TimeToFull;
  readonly disk?: Fill;
  readonly isFull?: boolean;
}

const UNKNOWN: TimeToFull = { kind: 'unknown' };
const FLAT: TimeToFull = { kind: 'flat' };
const inMs = (ms: number): TimeToFull => ({ kind: 'in', ms });
const HOUR_MS = 3_600_000;

/** What is said of the log and its disk, by name. */
async function partsOf({ streams, toFull = UNKNOWN, disk, isFull = false }: Filling): Promise<Readonly<Record<string, object>>> {
  const unasked = (): never => assert.fail('unasked');
  const bounds = (partition: number): Promise<LogBounds> =>
    Promise.resolve({ firstSeq: 1, lastSeq: 2, bytes: (streams[partition] ?? 0) * 10, bytesMax: 1_000 });
  const { parts } = await readiness({
    config: { durability: 'disk', durabilityInForce: 'disk' },
    connected: () => true,
    disk: { isFull, freeBytes: 7 * 2 ** 20, disk: () => disk, streamToFull: () => toFull },
    input: { follow: unasked, range: unasked, get: unasked, bounds },
    analytics: { ping: () => Promise.resolve(true) },
    ask: {
      twin: unasked,
      outcomes: unasked,
      session: unasked,
      status: () => Promise.resolve({ ok: true, value: new Uint8Array(0), epoch: 1, checkpoint: 1 }),
    },
    partitions: streams.length,
  })();
  return Object.fromEntries(parts.map(({ name, ...part }) => [name, part]));
}

const REMEDY = 'writes are refused at 100 %; raise --log-max-bytes, or see what keeps the sink back';

describe('what readiness says of a log that fills', () => {
  it('is how full it is, below 80 % nothing more', async () => {
    const { log, disk } = await partsOf({ streams: [3, 79, 12], toFull: inMs(1) });
    assert.deepEqual(log, { status: 'ok', detail: '79 % full' });
    assert.equal(disk, undefined);
  });

  it('is the time to full too, from 80 % on', async () => {
    const { log } = await partsOf({ streams: [3, 80], toFull: inMs(12 * 60_000) });
    assert.deepEqual(log, {
      status: 'degraded',
      detail: `80 % full, full in about 12 min; ${REMEDY}`,
      percentFull: 80,
      timeToFullS: 720,
    });
    assert.deepEqual((await partsOf({ streams: [99], toFull: FLAT }))['log'], {
      status: 'degraded',
      detail: `99 % full, not filling; ${REMEDY}`,
      percentFull: 99,
    });
    assert.deepEqual((await partsOf({ streams: [81] }))['log'], {
      status: 'degraded',
      detail: `81 % full, how fast it fills is not known yet; ${REMEDY}`,
      percentFull: 81,
    });
  });

  it('is of the disk whether that fills by tomorrow: nearly full alone is nobody’s fault', async () => {
    const of = async (disk: Fill, isFull = false) => (await partsOf({ streams: [1], disk, isFull }))['disk'];
    assert.deepEqual(await of({ share: 0.5, toFull: inMs(1) }), { status: 'ok', detail: '50 % full' });
    assert.deepEqual(await of({ share: 0.85, toFull: FLAT }), { status: 'ok', detail: '85 % full, not filling', percentFull: 85 });
    assert.deepEqual(await of({ share: 0.85, toFull: inMs(72 * HOUR_MS) }), {
      status: 'ok',
      detail: '85 % full, full in about 3 d',
      percentFull: 85,
      timeToFullS: 259_200,
    });
    assert.deepEqual(await of({ share: 0.85, toFull: inMs(5 * HOUR_MS) }), {
      status: 'degraded',
      detail: '85 % full, full in about 5 h',
      percentFull: 85,
      timeToFullS: 18_000,
    });
    assert.deepEqual(await of({ share: 0.999, toFull: inMs(0) }, true), {
      status: 'down',
      detail: '99 % full, 7 MiB left: writes are refused until there is room',
    });
    assert.deepEqual((await partsOf({ streams: [1], isFull: true }))['log'], {
      status: 'down',
      detail: 'its disk is full: writes are refused until there is room',
    });
  });
});

describe('what is said to those who ask only for life', () => {
  const stream = (share: number, toFull: TimeToFull): StreamFill => ({ partition: 0, bytes: 1, bytesMax: 1, share, toFull });

  it('is nothing while there is room', () => {
    assert.equal(fullnessText({ streams: () => [], disk: () => undefined }), undefined);
    assert.equal(fullnessText({ streams: () => [stream(0.79, FLAT)], disk: () => ({ share: 0.5, toFull: FLAT }) }), undefined);
  });

  it('is what is nearly full, and when it will be', () => {
    const disk = { streams: () => [stream(0.8, inMs(12 * 60_000)), stream(0.91, FLAT)], disk: () => ({ share: 0.95, toFull: UNKNOWN }) };
    assert.equal(
      fullnessText(disk),
      'the log is 91 % full, full in about 12 min; the disk is 95 % full, how fast it fills is not known yet',
    );
  });
});
