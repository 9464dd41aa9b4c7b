import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';

function rig(): { readonly metrics: MetricsRegistry; advance(ms: number): void } {
  let now = 0;
  return { metrics: new MetricsRegistry({ now: () => now, monotonic: () => now }), advance: (ms) => (now += ms) };
}

describe('metrics', () => {
  it('count by label, each series once', () => {
    const { metrics } = rig();
    const name = { name: 'x_total', help: 'Things.\nTwo lines \\ here' };
    metrics.counter(name, { kind: 'a' }).add(2);
    metrics.counter(name, { kind: 'a' }).add(3);
    metrics.counter(name, { kind: 'b"\\\n' }).add(1);
    assert.equal(
      metrics.render(),
      '# HELP x_total Things.\\nTwo lines \\\\ here\n# TYPE x_total counter\nx_total{kind="a"} 5\nx_total{kind="b\\"\\\\\\n"} 1\n',
    );
  });

  it('read gauges when they are asked, and survive one that breaks', () => {
    const { metrics } = rig();
    let value = 1;
    metrics.gauge({ name: 'g', help: 'g' }, () => [
      { labels: {}, value },
      { labels: { p: '1' }, value: 7 },
    ]);
    metrics.gauge({ name: 'broken', help: 'b' }, () => {
      throw new Error('broken');
    });
    value = 4;
    assert.match(metrics.render(), /\ng 4\ng\{p="1"\} 7\n/);
  });

  it('tell quantiles of the last minutes, and sums for ever', () => {
    const { metrics, advance } = rig();
    const latency = metrics.latency({ name: 'd_seconds', help: 'd' }, { edge: 'x' });
    for (let ms = 1; ms <= 100; ms++) latency.record(ms);
    latency.record(5, 100);
    assert.ok(Math.abs(latency.quantileMs(0.99) - 98) <= 2, String(latency.quantileMs(0.99)));
    assert.ok(Math.abs(latency.quantileMs(0.5) - 5) <= 0.1);
    advance(61_000);
    assert.ok(latency.quantileMs(0.99) > 90, 'the last window still counts');
    advance(61_000);
    assert.equal(latency.quantileMs(0.99), 0);
    assert.match(metrics.render(), /d_seconds_sum\{edge="x"\} 5\.55\nd_seconds_count\{edge="x"\} 200\n/);
    latency.record(0);
    latency.record(1e12);
    assert.ok(latency.quantileMs(1) >= 3_600_000 * 0.98);
  });

  it('refuse a name that means two things, and a label that is not from a closed list', () => {
    const { metrics } = rig();
    metrics.counter({ name: 'n', help: 'n' });
    assert.throws(() => metrics.latency({ name: 'n', help: 'n' }));
    assert.throws(() => {
      for (let i = 0; i < 1_000; i++) metrics.counter({ name: 'many', help: 'm' }, { device: String(i) });
    });
  });
});
