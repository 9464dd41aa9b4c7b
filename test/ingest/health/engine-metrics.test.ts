/** What one scrape shows of the engine processes, whatever their owners answer, or don't. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderExposition } from '../../../engine/observability/exposition.ts';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';
import type { AskClient, Asked } from '../../../engine/ports/ask.ts';
import { EngineMetrics } from '../../../ingest/health/engine-metrics.ts';
import { readExposition, valueOf, type ReadFamily } from '../../support/exposition-check.ts';

const NEVER = new Promise<never>(() => undefined);
const clock = { now: () => 0, monotonic: () => performance.now() };

type Told = object | 'no-owner' | 'rubbish' | 'rejects' | 'hangs';

function asking(told: readonly Told[], count: { asked: number } = { asked: 0 }): AskClient {
  const unasked = (): never => assert.fail('only the status is asked for');
  return {
    twin: unasked,
    outcomes: unasked,
    session: unasked,
    async status(partition): Promise<Asked<Uint8Array>> {
      count.asked++;
      const answer = told[partition] ?? 'no-owner';
      if (answer === 'hangs') return NEVER;
      if (answer === 'rejects') throw new Error('the connection is closed');
      if (answer === 'no-owner') return { ok: false, why: 'no-owner' };
      const body = answer === 'rubbish' ? '{' : JSON.stringify(answer);
      return { ok: true, value: Buffer.from(body), epoch: 1, checkpoint: 2 };
    },
  };
}

const folding = (more: object = {}): object => ({
  state: 'folding',
  lagMs: 250,
  lagMessages: 3,
  devices: 17,
  sink: { lagMs: 1_500, bufferedBytes: 4_096, state: 'armed' },
  ...more,
});

function reportOf(node: string, startedMs: number, accepted: number): object {
  const metrics = new MetricsRegistry(clock, { process: `${node}-engine` });
  metrics.counter({ name: 'twinfold_events_total', help: 'Events.' }, { edge: 'fold', outcome: 'accepted' }).add(accepted);
  return { node, startedMs, metrics: metrics.collect() };
}

async function scrape(told: readonly Told[]): Promise<ReadonlyMap<string, ReadFamily>> {
  const engines = new EngineMetrics({ ask: asking(told), partitions: told.length, clock });
  return readExposition(renderExposition(await engines.collect()));
}

const accepted = (families: ReadonlyMap<string, ReadFamily>, node: string): number | undefined =>
  valueOf(families, 'twinfold_events_total', { process: `${node}-engine`, edge: 'fold', outcome: 'accepted' });

describe('the metrics of the engines', () => {
  it('are lags in seconds by partition, and counters by process', async () => {
    const families = await scrape([folding({ process: reportOf('a', 1, 40) }), folding({ process: reportOf('b', 1, 2) })]);
    for (const partition of ['0', '1']) {
      assert.equal(valueOf(families, 'twinfold_partition_owned', { partition }), 1);
      assert.equal(valueOf(families, 'twinfold_partition_lag_seconds', { partition }), 0.25);
      assert.equal(valueOf(families, 'twinfold_partition_lag_messages', { partition }), 3);
      assert.equal(valueOf(families, 'twinfold_partition_devices', { partition }), 17);
      assert.equal(valueOf(families, 'twinfold_sink_lag_seconds', { partition }), 1.5);
      assert.equal(valueOf(families, 'twinfold_sink_buffered_bytes', { partition }), 4_096);
    }
    assert.deepEqual([accepted(families, 'a'), accepted(families, 'b')], [40, 2]);
  });

  it('show who is missing, and guess no lag', async () => {
    const recovering = {
      state: 'recovering',
      lagMs: 0,
      lagMessages: 0,
      devices: 0,
      sink: { lagMs: 0, bufferedBytes: 0, state: 'detached' },
    };
    const families = await scrape(['no-owner', 'rubbish', 'rejects', recovering, folding()]);
    assert.deepEqual(
      ['0', '1', '2', '3', '4'].map((partition) => valueOf(families, 'twinfold_partition_owned', { partition })),
      [0, 0, 0, 0, 1],
    );
    for (const name of ['twinfold_partition_lag_seconds', 'twinfold_sink_lag_seconds', 'twinfold_partition_devices'])
      assert.deepEqual(
        families.get(name)?.samples.map(({ labels }) => labels),
        [{ partition: '4' }],
        name,
      );
  });

  it('come even if an answer never does', { timeout: 10_000 }, async () => {
    const families = await scrape(['hangs', folding({ process: reportOf('a', 1, 5) })]);
    assert.equal(valueOf(families, 'twinfold_partition_owned', { partition: '0' }), 0);
    assert.equal(accepted(families, 'a'), 5);
  });

  it('count a process once: the one that started last, where a node was restarted', async () => {
    const families = await scrape([
      folding({ process: reportOf('a', 1, 1_000) }),
      folding({ process: reportOf('a', 2, 3) }),
      folding({ process: reportOf('a', 2, 3) }),
    ]);
    assert.equal(accepted(families, 'a'), 3);
    assert.equal(families.get('twinfold_events_total')?.samples.length, 1);
  });

  it('are gathered once for scrapes that come together', async () => {
    const count = { asked: 0 };
    let nowMs = 0;
    const engines = new EngineMetrics({
      ask: asking([folding(), folding()], count),
      partitions: 2,
      clock: { now: () => nowMs, monotonic: () => nowMs },
    });
    await Promise.all([engines.collect(), engines.collect(), engines.collect()]);
    assert.equal(count.asked, 2);
    nowMs = 1_000;
    await engines.collect();
    assert.equal(count.asked, 4);
  });
});
