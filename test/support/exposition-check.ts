/**
 * Reads the text format of Prometheus (0.0.4) by its rules and complains of everything that a strict reader would refuse.
 * Written apart from what makes the text, from the format's description alone.
 */
import assert from 'node:assert/strict';

export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

const TYPES = ['counter', 'gauge', 'summary', 'histogram', 'untyped'];
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { summary: ['', '_sum', '_count'], histogram: ['_bucket', '_sum', '_count'] };

/** Throws at the first line that breaks a rule. */
export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const families = new Map<string, { type: string; help: string; samples: ReadFamily['samples'][number][] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line);
    if (comment !== null) {
      const [, what = '', name = '', rest = ''] = comment;
      assert.match(name, NAME);
      if (what === 'HELP') {
        assert.ok(!families.has(name), `HELP of ${name} once, and before its samples`);
        assert.ok(!/\\(?![\\n])/.test(rest), `escapes in the help of ${name}`);
        families.set(name, { type: '', help: rest, samples: [] });
      } else {
        const family = families.get(name);
        assert.ok(family !== undefined && family.type === '' && family.samples.length === 0, `TYPE of ${name} once, before its samples`);
        assert.ok(TYPES.includes(rest), rest);
        family.type = rest;
      }
      current = name;
      continue;
    }
    const sample = readSample(line);
    const family = families.get(current);
    assert.ok(family !== undefined && family.type !== '', `${line}: no family is open`);
    const suffixes = SUFFIXES[family.type] ?? [''];
    assert.ok(
      suffixes.some((suffix) => current + suffix === sample.name),
      `${line} stands among the samples of ${current}`,
    );
    const series = `${sample.name} ${keyOf(sample.labels)}`;
    assert.ok(!seen.has(series), `${line} is there twice`);
    seen.add(series);
    if (family.type === 'counter') assert.ok(sample.value >= 0 && current.endsWith('_total'), `${line}: a counter`);
    family.samples.push(sample);
  }
  return families;
}

function readSample(line: string): ReadFamily['samples'][number] {
  const open = line.search(/[{ ]/);
  const name = line.slice(0, open);
  assert.match(name, NAME, line);
  const labels: Record<string, string> = {};
  let at = open;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|(?=\}))/.exec(line.slice(at));
      assert.ok(label !== null, `${line}: labels`);
      const [whole, key = '', value = ''] = label;
      assert.ok(!(key in labels), `${line}: ${key} twice`);
      labels[key] = value.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      at += whole.length;
    }
    at++;
  }
  const value = /^ (\S+)$/.exec(line.slice(at))?.[1];
  assert.ok(value !== undefined && /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|NaN|[+-]Inf)$/i.test(value), `${line}: a value`);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

/** The value of the series with exactly these labels. */
export function valueOf(
  families: ReadonlyMap<string, ReadFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = keyOf(labels);
  return families.get(name)?.samples.find((sample) => keyOf(sample.labels) === wanted)?.value;
}

/** The same for the same labels, in whatever order they stand. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
