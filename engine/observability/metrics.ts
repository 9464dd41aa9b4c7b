/**
 * Metrics of a process, rendered as Prometheus text. Counters and latencies are declared once and kept by whoever counts;
 * gauges are read when somebody looks. Nothing here throws on the way of an event, and labels come from closed lists: the
 * number of series of a family is bounded.
 */
import { build, type Histogram } from 'hdr-histogram-js';
import { assert } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';

export type Labels = Readonly<Record<string, string>>;

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
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly series: Map<string, Series>;
  read: (() => readonly GaugeSample[]) | undefined;
}

export class MetricsRegistry {
  readonly #clock: Clock;
  readonly #families = new Map<string, Family>();

  constructor(clock: Clock) {
    this.#clock = clock;
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

  /** The text format 0.0.4 of Prometheus. */
  render(): string {
    const lines: string[] = [];
    for (const family of this.#families.values()) {
      lines.push(
        `# HELP ${family.name} ${family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${family.name} ${family.type}`,
      );
      for (const [labels, series] of family.series) series.render(family.name, labels, lines);
      for (const { labels, value } of readSafely(family.read)) lines.push(`${family.name}${braced(labelText(labels))} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #family(metric: MetricName, type: Family['type']): Family {
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
    const key = labelText(labels);
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

  render(name: string, labels: string, lines: string[]): void {
    lines.push(`${name}${braced(labels)} ${this.#value}`);
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

  render(name: string, labels: string, lines: string[]): void {
    const separator = labels === '' ? '' : ',';
    for (const quantile of QUANTILES) {
      lines.push(`${name}{${labels}${separator}quantile="${quantile}"} ${this.quantileMs(quantile) / 1_000}`);
    }
    lines.push(`${name}_sum${braced(labels)} ${this.#sumMs / 1_000}`, `${name}_count${braced(labels)} ${this.#count}`);
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

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',');
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}
