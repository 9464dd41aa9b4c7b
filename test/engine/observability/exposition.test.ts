/** One text of several processes: what any of them says, the text stays one that Prometheus takes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { labelText, readFamilies, renderExposition, type MetricFamily } from '../../../engine/observability/exposition.ts';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';
import { processMetrics } from '../../../engine/observability/process-metrics.ts';
import { readExposition, valueOf } from '../../support/exposition-check.ts';

const clock = { now: () => 0, monotonic: () => 0 };

function processOf(name: string, count: number): MetricsRegistry {
  const metrics = new MetricsRegistry(clock, { process: name });
  metrics.counter({ name: 'events_total', help: 'Events.' }, { outcome: 'accepted' }).add(count);
  metrics.latency({ name: 'ack_seconds', help: 'Acks.' }, { edge: 'http' }).record(5);
  processMetrics(metrics, 1_700_000_000_000);
  return metrics;
}

describe('an exposition', () => {
  it('tells each family once, and the processes apart', () => {
    const text = renderExposition([...processOf('a', 2).collect(), ...processOf('b', 3).collect()]);
    const families = readExposition(text);
    assert.equal(valueOf(families, 'events_total', { process: 'a', outcome: 'accepted' }), 2);
    assert.equal(valueOf(families, 'events_total', { process: 'b', outcome: 'accepted' }), 3);
    assert.equal(valueOf(families, 'process_start_time_seconds', { process: 'b' }), 1_700_000_000);
    assert.ok((valueOf(families, 'process_resident_memory_bytes', { process: 'a' }) ?? 0) > 1e6);
    assert.ok((valueOf(families, 'process_cpu_seconds_total', { process: 'a' }) ?? 0) > 0);
    assert.equal(families.get('ack_seconds')?.samples.filter(({ name }) => name === 'ack_seconds_count').length, 2);
  });

  it('keeps what survives JSON as it was', () => {
    const families = processOf('a"\\\n', 2).collect();
    const again = readFamilies(JSON.parse(JSON.stringify(families)));
    assert.deepEqual(
      again.map(({ name, samples }) => [name, samples.length]),
      families.map(({ name, samples }) => [name, samples.length]),
    );
    assert.equal(valueOf(readExposition(renderExposition(again)), 'events_total', { process: 'a"\\\n', outcome: 'accepted' }), 2);
  });

  it('shows no series twice, and of two types of one name the first', () => {
    const one: MetricFamily = {
      name: 'x',
      help: 'x',
      type: 'gauge',
      samples: [
        ['x', 'p="1"', 1],
        ['x', 'p="1"', 2],
        ['x', '', 3],
      ],
    };
    const other: MetricFamily = { name: 'x', help: 'y', type: 'summary', samples: [['x_sum', '', 9]] };
    assert.equal(renderExposition([one, other, one]), '# HELP x x\n# TYPE x gauge\nx{p="1"} 1\nx 3\n');
  });

  it('writes what is not a number as the format does', () => {
    const samples: MetricFamily['samples'] = [
      ['g', 'a="1"', Number.POSITIVE_INFINITY],
      ['g', 'a="2"', Number.NEGATIVE_INFINITY],
      ['g', 'a="3"', Number.NaN],
      ['g', 'a="4"', 1e21],
    ];
    const text = renderExposition([{ name: 'g', help: 'g', type: 'gauge', samples }]);
    assert.match(text, /g\{a="1"\} \+Inf\ng\{a="2"\} -Inf\ng\{a="3"\} NaN\ng\{a="4"\} 1e\+21\n$/);
    readExposition(text);
  });

  it('is well-formed whatever labels say', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (values) => {
        const metrics = new MetricsRegistry(clock);
        for (const value of values) metrics.counter({ name: 'n_total', help: value }, { value }).add(1);
        const read = readExposition(metrics.render()).get('n_total');
        assert.deepEqual(new Set(read?.samples.map(({ labels }) => labels['value'])), new Set(values));
      }),
    );
  });

  it('takes nothing from another process that would break it', () => {
    const good = { name: 'ok', help: 'ok', type: 'gauge', samples: [['ok', labelText({ a: 'b,}"' }), 1]] };
    const bad: readonly unknown[] = [
      undefined,
      null,
      7,
      'x',
      {},
      { ...good, name: 'no good' },
      { ...good, type: 'histogram' },
      { ...good, help: 4 },
      { ...good, samples: 4 },
      { ...good, name: 'a1', samples: [['other', '', 1]] },
      { ...good, name: 'a2', samples: [['a2', 'a="b', 1]] },
      { ...good, name: 'a3', samples: [['a3', 'a="b"} 1\nb{', 1]] },
      { ...good, name: 'a4', samples: [['a4', 'a="b",', 1]] },
      { ...good, name: 'a5', samples: [['a5', '', null]] },
      { ...good, name: 'a6', samples: [['a6', '']] },
    ];
    const families = readFamilies([...bad, good]);
    assert.deepEqual(
      families.flatMap(({ samples }) => samples),
      good.samples,
    );
    readExposition(renderExposition(families));
    assert.deepEqual(readFamilies({}), []);
    fc.assert(fc.property(fc.jsonValue(), (value) => void readExposition(renderExposition(readFamilies([value, good])))));
    const flood = { ...good, samples: Array.from({ length: 100_000 }, (_, i) => ['ok', `i="${i}"`, 1]) };
    assert.ok(readFamilies([flood, flood]).flatMap(({ samples }) => samples).length < 5_000);
  });
});
