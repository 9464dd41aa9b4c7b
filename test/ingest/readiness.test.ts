import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadinessParts } from '../../ingest/readiness.ts';
import { readiness } from '../../ingest/readiness.ts';

/** Nothing is asked of the log while there is no connection to it; what an acknowledgement means is told all the same. */
async function told(config: ReadinessParts['config']): Promise<readonly [string, string]> {
  const unasked = (): never => assert.fail('asked without a connection');
  const { parts, durability } = await readiness({
    config,
    connected: () => false,
    disk: { isFull: false, freeBytes: 1 },
    input: { follow: unasked, range: unasked, get: unasked, bounds: unasked },
    analytics: { ping: unasked },
    ask: { twin: unasked, outcomes: unasked, status: unasked },
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
