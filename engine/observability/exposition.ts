/**
 * Metrics as values: families of samples that one process can hand to another, and the text that Prometheus reads of them
 * (format 0.0.4). A scrape shows several processes at once, so families of the same name are put together here: HELP and
 * TYPE once, no series twice.
 */

export type Labels = Readonly<Record<string, string>>;

export type MetricType = 'counter' | 'gauge' | 'summary';

/** Name of the series (a summary has several names), its labels as they stand between the braces, and its value. */
export type MetricSample = readonly [name: string, labels: string, value: number];

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly samples: readonly MetricSample[];
}

const TYPES: readonly MetricType[] = ['counter', 'gauge', 'summary'];
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** One `name="value"` after the other; in values only `\\`, `\"` and `\n` are escaped. */
const LABELS = /^(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,(?!$)|$))*$/;
/** What another process may report: far more than ours have, far less than hurts. */
const REPORTED_SAMPLES_MAX = 2_048;
const REPORTED_FAMILIES_MAX = 128;

export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',');
}

/** Of two families with one name and different types, and of two samples of one series, the first one counts. */
export function renderExposition(families: readonly MetricFamily[]): string {
  const merged = new Map<string, { readonly family: MetricFamily; readonly series: Map<string, number> }>();
  for (const family of families) {
    const { name, type, samples } = family;
    const known = merged.get(name) ?? { family, series: new Map<string, number>() };
    merged.set(name, known);
    if (known.family.type !== type) continue;
    for (const [series, labels, value] of samples) {
      const key = labels === '' ? series : `${series}{${labels}}`;
      if (!known.series.has(key)) known.series.set(key, value);
    }
  }
  const lines: string[] = [];
  for (const { family, series } of merged.values()) {
    lines.push(`# HELP ${family.name} ${family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`);
    lines.push(`# TYPE ${family.name} ${family.type}`);
    for (const [key, value] of series) lines.push(`${key} ${valueText(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What another process reported, read from JSON. Whatever isn't a family or a sample that can be shown is left out. */
export function readFamilies(reported: unknown): readonly MetricFamily[] {
  if (!Array.isArray(reported)) return [];
  const families: MetricFamily[] = [];
  let left = REPORTED_SAMPLES_MAX;
  for (const entry of reported.slice(0, REPORTED_FAMILIES_MAX)) {
    const family = readFamily(entry, left);
    if (family === undefined) continue;
    left -= family.samples.length;
    families.push(family);
  }
  return families;
}

function readFamily(entry: unknown, samplesMax: number): MetricFamily | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  if (!('name' in entry && 'help' in entry && 'type' in entry && 'samples' in entry)) return undefined;
  const { name, help, samples } = entry;
  const type = TYPES.find((known) => known === entry.type);
  if (typeof name !== 'string' || !NAME.test(name) || typeof help !== 'string' || type === undefined) return undefined;
  if (!Array.isArray(samples)) return undefined;
  return { name, help, type, samples: samples.filter((sample) => isSampleOf(name, sample)).slice(0, samplesMax) };
}

function isSampleOf(family: string, sample: unknown): sample is MetricSample {
  if (!Array.isArray(sample) || sample.length !== 3) return false;
  const parts: readonly unknown[] = sample;
  const [name, labels, value] = parts;
  const ours = name === family || name === `${family}_sum` || name === `${family}_count`;
  return ours && typeof labels === 'string' && LABELS.test(labels) && typeof value === 'number';
}

function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
