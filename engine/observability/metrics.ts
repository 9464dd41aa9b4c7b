/**
 * Metrics of a process. Counters and latencies are declared once and kept by whoever counts; gauges are read when somebody
 * looks. Nothing here throws on the way of an event, and labels come from closed lists: the number of series of a family
 * is bounded.
 */
import { build, type Histogram } from 'hdr-histogram-js';
import { assert } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import { labelText, renderExposition, type Labels, type MetricFamily, type MetricSample, type MetricType } from './exposition.ts';

export interface MetricName {
  readonly name: string;
  readonly help: string;
}

export interface Counter {
  add(count: number): void;
}

export interface Latency {
  /** Counts `count` things that took so long. */
  record(durationMs: number, count?: number): void;
  /** The value below which `quantile` of the last minutes lie, milliseconds; 0 when there were none. */
  quantileMs(quantile: number): number;
}

export interface GaugeSample {
  readonly labels: Labels;
  readonly value: number;
}

/** A family that grows beyond this has a label that it shouldn't have. */
const SERIES_MAX = 256;
/** Quantiles are over one to two of these: recent enough to see a change, long enough to have a p99. */
const WINDOW_MS = 60_000;
const LATENCY_US_MAX = 3_600_000_000;
const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

type Series = CounterSeries | LatencySeries;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly series: Map<string, Series>;
  read: (() => readonly GaugeSample[]) | undefined;
}

export class MetricsRegistry {
  readonly #clock: Clock;
  readonly #base: Labels;
  readonly #families = new Map<string, Family>();

  /** Every series carries the labels of `base`: they tell this process from others that are shown beside it. */
  constructor(clock: Clock, base: Labels = {}) {
    this.#clock = clock;
    this.#base = base;
  }

  counter(metric: MetricName, labels: Labels = {}): Counter {
    return this.#series(this.#family(metric, 'counter'), labels, () => new CounterSeries());
  }

  latency(metric: MetricName, labels: Labels = {}): Latency {
    return this.#series(this.#family(metric, 'summary'), labels, () => new LatencySeries(this.#clock));
  }

  /** `read` is called when the metrics are rendered; a later declaration of the same name replaces it. */
  gauge(metric: MetricName, read: () => readonly GaugeSample[]): void {
    this.#family(metric, 'gauge').read = read;
  }

  /** A counter that is kept elsewhere; otherwise as `gauge`. */
  counted(metric: MetricName, read: () => readonly GaugeSample[]): void {
    this.#family(metric, 'counter').read = read;
  }

  /** All there is, as values that survive JSON. */
  collect(): readonly MetricFamily[] {
    return Array.from(this.#families.values(), ({ name, help, type, series, read }) => {
      const samples: MetricSample[] = [];
      for (const [labels, one] of series) one.collect(name, labels, samples);
      for (const { labels, value } of readSafely(read)) samples.push([name, this.#labels(labels), value]);
      return { name, help, type, samples };
    });
  }

  /** As Prometheus reads it. */
  render(): string {
    return renderExposition(this.collect());
  }

  #labels(labels: Labels): string {
    return labelText({ ...this.#base, ...labels });
  }

  #family(metric: MetricName, type: MetricType): Family {
    const known = this.#families.get(metric.name);
    if (known !== undefined) {
      assert(known.type === type, `${metric.name} is a ${known.type}`);
      return known;
    }
    const family: Family = { ...metric, type, series: new Map(), read: undefined };
    this.#families.set(metric.name, family);
    return family;
  }

  #series<S extends Series>(family: Family, labels: Labels, make: () => S): S {
    const key = this.#labels(labels);
    const known = family.series.get(key);
    if (known !== undefined) return known as S;
    assert(family.series.size < SERIES_MAX, `${family.name} has too many series`);
    const series = make();
    family.series.set(key, series);
    return series;
  }
}

class CounterSeries implements Counter {
  #value = 0;

  add(count: number): void {
    this.#value += count;
  }

  collect(name: string, labels: string, samples: MetricSample[]): void {
    samples.push([name, labels, this.#value]);
  }
}

class LatencySeries implements Latency {
  readonly #clock: Clock;
  #young = newHistogram();
  #old = newHistogram();
  #youngSinceMs: number;
  #count = 0;
  #sumMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#youngSinceMs = clock.monotonic();
  }

  record(durationMs: number, count = 1): void {
    this.#turn();
    const us = Math.min(LATENCY_US_MAX, Math.max(1, Math.round(durationMs * 1_000)));
    this.#young.recordValueWithCount(us, count);
    this.#count += count;
    this.#sumMs += durationMs * count;
  }

  quantileMs(quantile: number): number {
    this.#turn();
    const both = newHistogram();
    both.add(this.#old);
    both.add(this.#young);
    return both.totalCount === 0 ? 0 : both.getValueAtPercentile(quantile * 100) / 1_000;
  }

  collect(name: string, labels: string, samples: MetricSample[]): void {
    const separator = labels === '' ? '' : ',';
    for (const quantile of QUANTILES) {
      samples.push([name, `${labels}${separator}quantile="${quantile}"`, this.quantileMs(quantile) / 1_000]);
    }
    samples.push([`${name}_sum`, labels, this.#sumMs / 1_000], [`${name}_count`, labels, this.#count]);
  }

  #turn(): void {
    const now = this.#clock.monotonic();
    const age = now - this.#youngSinceMs;
    if (age < WINDOW_MS) return;
    const emptied = this.#old;
    emptied.reset();
    this.#old = this.#young;
    this.#young = emptied;
    if (age >= 2 * WINDOW_MS) this.#old.reset();
    this.#youngSinceMs = now;
  }
}

function newHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1_000_000,
    numberOfSignificantValueDigits: 2,
  });
}

/** A gauge that breaks must not take the others with it. */
function readSafely(read: (() => readonly GaugeSample[]) | undefined): readonly GaugeSample[] {
  try {
    return read?.() ?? [];
  } catch {
    return [];
  }
}
