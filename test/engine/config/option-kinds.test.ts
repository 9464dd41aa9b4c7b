import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bytes,
  choice,
  choices,
  duration,
  flag,
  id,
  integer,
  port,
  text,
  url,
  type OptionKind,
} from '../../../engine/config/option-kinds.ts';

interface Row {
  readonly kind: OptionKind<unknown>;
  readonly good: readonly (readonly [string, unknown])[];
  readonly bad: readonly string[];
}

const TABLE: Readonly<Record<string, Row>> = {
  port: {
    kind: port,
    good: [
      ['0', 0],
      ['8080', 8080],
      ['65535', 65_535],
      ['off', 'off'],
    ],
    bad: ['65536', '-1', '80.5', 'http', '', ' 80', 'OFF'],
  },
  flag: {
    kind: flag,
    good: [
      ['', true],
      ['true', true],
      ['1', true],
      ['No', false],
      ['off', false],
    ],
    bad: ['maybe', '2'],
  },
  integer: {
    kind: integer(1, 256),
    good: [
      ['1', 1],
      ['256', 256],
    ],
    bad: ['0', '257', '1.5', '', 'one', '-3', '1e2'],
  },
  choice: { kind: choice(['disk', 'process']), good: [['disk', 'disk']], bad: ['Disk', '', 'memory'] },
  choices: {
    kind: choices(['ingest', 'engine', 'api']),
    good: [
      ['api,ingest', ['ingest', 'api']],
      ['engine', ['engine']],
    ],
    bad: ['', 'api,', 'api,edge'],
  },
  url: {
    kind: url(['nats:', 'tls:']),
    good: [
      ['nats://a:4222', 'nats://a:4222'],
      ['nats://a,tls://b:1', 'nats://a,tls://b:1'],
    ],
    bad: ['http://a', 'a:4222', '', 'nats://a,'],
  },
  id: {
    kind: id('TENANT'),
    good: [
      ['demo', 'demo'],
      ['a-B_9', 'a-B_9'],
    ],
    bad: ['', 'a b', 'a.b', 'x'.repeat(65)],
  },
  text: {
    kind: text('X'),
    good: [
      ['a', 'a'],
      [' ', ' '],
    ],
    bad: [''],
  },
  duration: {
    kind: duration({ min: '1m', max: '10d' }),
    good: [
      ['90s', 90_000],
      ['1.5h', 5_400_000],
      ['7d', 604_800_000],
    ],
    bad: ['7', '30s', '11d', 'd', '-1d', '1w'],
  },
  bytes: {
    kind: bytes({ min: '1MB', max: '1TiB' }),
    good: [
      ['2GiB', 2 ** 31],
      ['500MB', 5e8],
      ['1gib', 2 ** 30],
    ],
    bad: ['2', '2G', '1kB', '2TiB', 'GiB'],
  },
};

for (const [name, { kind, good, bad }] of Object.entries(TABLE)) {
  test(`${name}: what it takes and what it refuses`, () => {
    for (const [given, value] of good) assert.deepEqual(kind.parse(given), { ok: true, value }, given);
    for (const given of bad) {
      const parsed = kind.parse(given);
      assert(!parsed.ok, given);
      assert(parsed.problem.startsWith('must '), parsed.problem);
    }
  });
}

test('no kind throws, whatever it is given', () => {
  fc.assert(fc.property(fc.string(), (given) => Object.values(TABLE).every(({ kind }) => typeof kind.parse(given).ok === 'boolean')));
});
