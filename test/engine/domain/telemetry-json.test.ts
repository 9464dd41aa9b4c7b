import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Reason } from '../../../engine/kernel/outcome.ts';
import { decodeJson } from '../../support/decoded-sample.ts';
import type { PlainLeaf, PlainSample } from '../../support/decoded-sample.ts';

const TS = 1_790_000_000_000;

function leavesOf(payload: string): Readonly<Record<string, PlainLeaf>> {
  const sample = decodeJson(payload);
  assert.equal(sample.reason, 'none', payload);
  return Object.fromEntries(sample.leaves);
}

describe('the grammar of an event', () => {
  const accepted: readonly (readonly [payload: string, expected: Omit<PlainSample, 'reason'>])[] = [
    [
      '{"t":21.5,"on":true}',
      {
        leaves: [
          ['t', 21.5],
          ['on', true],
        ],
      },
    ],
    [
      ' { "t" : -0.5e3 , "off" : false } \n',
      {
        leaves: [
          ['t', -500],
          ['off', false],
        ],
      },
    ],
    [
      '{"ts":1790000000000,"seq":7,"boot":3,"id":"a-1","metrics":{"t":1},"attrs":{"fw":"1.2"}}',
      {
        leaves: [
          ['t', 1],
          ['fw', '1.2'],
        ],
        ts: TS,
        seq: 7,
        boot: 3,
        id: 'a-1',
      },
    ],
    ['{"metrics":{"t":1},"ts":"2026-09-21T14:13:20Z"}', { leaves: [['t', 1]], ts: Date.parse('2026-09-21T14:13:20Z') }],
    ['{"ts":1790000000000.9,"metrics":{"t":1}}', { leaves: [['t', 1]], ts: TS }],
    ['{"extra":[1,{"a":"b"},null,[true,false],[],{}],"metrics":{"t":1},"device":"d","token":"x"}', { leaves: [['t', 1]] }],
    ['{"s":"\\té😀"}', { leaves: [['s', '\té😀']] }],
    ['{"metrics":{"t":1},"ts":null,"seq":null,"boot":null,"id":null,"attrs":null}', { leaves: [['t', 1]] }],
    ['{"metrics":{"t":1},"seq":-0,"id":""}', { leaves: [['t', 1]], seq: 0 }],
    [
      '{"payload":{"t":1,"on":false}}',
      {
        leaves: [
          ['t', 1],
          ['on', false],
        ],
      },
    ],
    ['{"payload":{"seq":5,"metrics":{"t":1}},"boot":9}', { leaves: [['t', 1]], seq: 5, boot: 9 }],
    [
      '{"payload":{"ts":1790000000000,"t":1}}',
      {
        leaves: [
          ['ts', TS],
          ['t', 1],
        ],
      },
    ],
    [
      '{"payload":{"t":1},"metrics":{"h":2}}',
      {
        leaves: [
          ['t', 1],
          ['h', 2],
        ],
      },
    ],
    ['{"metrics":{},"payload":{}}', { leaves: [] }],
    ['{}', { leaves: [] }],
    // Members of an envelope are ordinary leaves where nothing makes the object one.
    [
      '{"ts":1790000000000,"seq":7,"id":"x","t":1}',
      {
        leaves: [
          ['ts', TS],
          ['seq', 7],
          ['id', 'x'],
          ['t', 1],
        ],
      },
    ],
    [
      '{"seq":"text","t":1}',
      {
        leaves: [
          ['seq', 'text'],
          ['t', 1],
        ],
      },
    ],
    ['{"a":1,"metrics":{"t":2}}', { leaves: [['t', 2]] }],
    ['{"a":[1],"metrics":{"t":2}}', { leaves: [['t', 2]] }],
    ['{"attrs":{"a":"b"}}', { leaves: [['attrs.a', 'b']] }],
    [
      '{"a":{"b":{"c":1},"d":"x"},"e":{}}',
      {
        leaves: [
          ['a.b.c', 1],
          ['a.d', 'x'],
        ],
      },
    ],
    [
      '{"a":{"metrics":5,"payload":6}}',
      {
        leaves: [
          ['a.metrics', 5],
          ['a.payload', 6],
        ],
      },
    ],
    ['{"a":null,"b":1}', { leaves: [['b', 1]] }],
    [
      '{"big":9007199254740993,"low":-9007199254740993,"edge":9007199254740991}',
      {
        leaves: [
          ['big', { digits: '9007199254740993' }],
          ['low', { digits: '-9007199254740993' }],
          ['edge', Number.MAX_SAFE_INTEGER],
        ],
      },
    ],
    [
      '{"float":9007199254740993.0,"exp":1e300,"tiny":5e-324,"zero":0,"under":1e-400}',
      {
        leaves: [
          ['float', 9007199254740992],
          ['exp', 1e300],
          ['tiny', 5e-324],
          ['zero', 0],
          ['under', 0],
        ],
      },
    ],
    ['{"s":"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00z"}', { leaves: [['s', 'a"\\/\b\f\n\r\té😀z']] }],
    [
      '{"\\u0074":1,"é":2,"😀":3}',
      {
        leaves: [
          ['t', 1],
          ['é', 2],
          ['😀', 3],
        ],
      },
    ],
    ['{"m\\u0065trics":{"t":1}}', { leaves: [['t', 1]] }],
    [
      '{"__proto__":1,"constructor":{"prototype":"x"},"toString":true}',
      {
        leaves: [
          ['__proto__', 1],
          ['constructor.prototype', 'x'],
          ['toString', true],
        ],
      },
    ],
    ['{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}}', { leaves: [['a.b.c.d.e.f.g.h', 1]] }],
  ];
  for (const [payload, expected] of accepted) {
    test(payload, () => assert.deepEqual(decodeJson(payload), { reason: 'none', ...expected }));
  }
});

describe('what is quarantined, and why', () => {
  const name = 'n'.repeat(129);
  const many = `{${Array.from({ length: 257 }, (_, i) => `"m${i}":1`).join(',')}}`;
  const refused: readonly (readonly [payload: string, reason: Reason])[] = [
    ['', 'malformed-payload'],
    ['[]', 'malformed-payload'],
    ['5', 'malformed-payload'],
    ['{', 'malformed-payload'],
    ['{"a"', 'malformed-payload'],
    ['{"a":', 'malformed-payload'],
    ['{"a":1', 'malformed-payload'],
    ['{"a":1,', 'malformed-payload'],
    ['{"a":1,}', 'malformed-payload'],
    ['{"a" 1}', 'malformed-payload'],
    ['{a:1}', 'malformed-payload'],
    ['{"a":1}x', 'malformed-payload'],
    ['{"a":01}', 'malformed-payload'],
    ['{"a":1.}', 'malformed-payload'],
    ['{"a":.5}', 'malformed-payload'],
    ['{"a":1e}', 'malformed-payload'],
    ['{"a":+1}', 'malformed-payload'],
    ['{"a":-}', 'malformed-payload'],
    ['{"a":tru}', 'malformed-payload'],
    ['{"a":falsy}', 'malformed-payload'],
    ['{"a":nul}', 'malformed-payload'],
    ['{"a":"\n"}', 'malformed-payload'],
    ['{"a":"\\x"}', 'malformed-payload'],
    ['{"a":"\\u12g4"}', 'malformed-payload'],
    ['{"a":"\\u12', 'malformed-payload'],
    ['{"a":"\\', 'malformed-payload'],
    ['{"a":"\\n\n"}', 'malformed-payload'],
    ['{"a":"\\nx', 'malformed-payload'],
    ['{"metrics":5}', 'malformed-payload'],
    ['{"metrics":{"t":1},"attrs":[]}', 'malformed-payload'],
    ['{"payload":"text"}', 'malformed-payload'],
    ['{"metrics":{"t":1},"x":nope}', 'malformed-payload'],
    ['{"metrics":{"t":1},"x":{"a" 1}}', 'malformed-payload'],
    ['{"metrics":{"t":1},"x":[1 2]}', 'malformed-payload'],
    ['{"metrics":{"t":1},"ts":nope}', 'malformed-payload'],
    ['{"metrics":{"t":1},"seq":1.5}', 'malformed-payload'],
    ['{"metrics":{"t":1},"seq":-1}', 'malformed-payload'],
    ['{"metrics":{"t":1},"boot":"1"}', 'malformed-payload'],
    ['{"metrics":{"t":1},"boot":9007199254740992}', 'malformed-payload'],
    ['{"metrics":{"t":1},"id":5}', 'malformed-payload'],
    ['{"metrics":{"t":1},"id":"\\ud800"}', 'malformed-payload'],
    // A field that is said twice says nothing.
    ['{"ts":1790000000000,"metrics":{"t":1},"ts":1790000000000}', 'malformed-payload'],
    ['{"seq":1,"payload":{"seq":1,"metrics":{"t":1}}}', 'malformed-payload'],
    ['{"id":"a","metrics":{"t":1},"id":"a"}', 'malformed-payload'],
    [`{"metrics":{"t":1},"id":"${'i'.repeat(65)}"}`, 'too-large'],
    [`{"${name}":1}`, 'metric-name-too-long'],
    [`{"${'n'.repeat(100)}":{"${'m'.repeat(28)}":1}}`, 'metric-name-too-long'],
    [`{"${name}":{"a":1}}`, 'metric-name-too-long'],
    ['{"":1}', 'bad-metric-name'],
    ['{"":{"a":1}}', 'bad-metric-name'],
    ['{"a":{"":1}}', 'bad-metric-name'],
    ['{"a\\u0000b":1}', 'bad-metric-name'],
    ['{"a\\u007f":1}', 'bad-metric-name'],
    ['{"a\\u0085":1}', 'bad-metric-name'],
    ['{"\\ud800":1}', 'bad-metric-name'],
    ['{"\\ud800":{"a":1}}', 'bad-metric-name'],
    ['{"a":"\\udc00"}', 'unsupported-value'],
    ['{"a":[1]}', 'unsupported-value'],
    ['{"metrics":{"a":[]}}', 'unsupported-value'],
    ['{"a":1e999}', 'value-not-finite'],
    ['{"a":-1e999}', 'value-not-finite'],
    ['{"a":1e99999999999999999999}', 'value-not-finite'],
    ['{"metrics":{"t":1},"ts":1790000000}', 'timestamp-in-seconds'],
    ['{"metrics":{"t":1},"ts":-5}', 'timestamp-in-seconds'],
    ['{"ts":1790000000,"metrics":{"t":1}}', 'timestamp-in-seconds'],
    ['{"metrics":{"t":1},"ts":1e999}', 'bad-timestamp'],
    ['{"metrics":{"t":1},"ts":"yesterday"}', 'bad-timestamp'],
    ['{"metrics":{"t":1},"ts":true}', 'bad-timestamp'],
    ['{"metrics":{"t":1},"ts":"\n"}', 'malformed-payload'],
    ['{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}', 'too-deep'],
    ['{"metrics":{"t":1},"x":[[[[[[[[1]]]]]]]]}', 'too-deep'],
    ['{"payload":{"payload":{"payload":{"payload":{"payload":{"payload":{"payload":{"payload":{"t":1}}}}}}}}}', 'too-deep'],
    [many, 'too-many-metrics'],
  ];
  for (const [payload, reason] of refused) {
    test(`${payload.slice(0, 60)} → ${reason}`, () => assert.equal(decodeJson(payload).reason, reason));
  }
});

test('bytes that are no UTF-8 are no JSON', () => {
  for (const bytes of [
    [0xff],
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
    [0xf0, 0x80, 0x80, 0x80],
    [0xe0, 0x9f, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x28, 0xa1],
  ]) {
    const text = new TextEncoder().encode('{"a":"  ');
    const payload = new Uint8Array([...text, ...bytes, 0x22, 0x7d]);
    assert.equal(decodeJson(payload).reason, 'malformed-payload');
    const escaped = new Uint8Array([...new TextEncoder().encode('{"a":"\\n'), ...bytes, 0x22, 0x7d]);
    assert.equal(decodeJson(escaped).reason, 'malformed-payload');
  }
});

test('numbers are those of the platform, to the last bit', () => {
  const number = fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.nat(30), fc.integer({ min: -40, max: 40 })).map(([digits, point, exponent]) => {
      const text = digits.toString().padStart(point + 1, '0');
      const fraction = text.slice(text.length - point);
      return `${BigInt(text.slice(0, text.length - point))}${point === 0 ? '' : `.${fraction}`}e${exponent}`;
    }),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  );
  fc.assert(
    fc.property(number, (text) => {
      const leaf = leavesOf(`{"n":${text}}`)['n'];
      const parsed: unknown = JSON.parse(text);
      const isBig = /^-?\d+$/.test(text) && !Number.isSafeInteger(parsed);
      assert.deepEqual(leaf, isBig ? { digits: text } : parsed);
    }),
    { numRuns: 2000 },
  );
});

/** What the grammar makes of a flat object of scalars and objects, said over parsed values. */
function flatten(value: object, prefix: string): readonly (readonly [string, PlainLeaf])[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): readonly (readonly [string, PlainLeaf])[] => {
    if (member === null) return [];
    if (typeof member === 'object') return flatten(member, `${prefix}${key}.`);
    // Written without an exponent, such a number is an integer beyond 2^53 to whoever reads it.
    const isBig = typeof member === 'number' && /^-?\d+$/.test(`${member}`) && !Number.isSafeInteger(member);
    if (isBig) return [[prefix + key, { digits: `${member}` }]];
    return [[prefix + key, member as PlainLeaf]];
  });
}

test('flat objects flatten as their parsed value does', () => {
  const key = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
    .filter((text) => /^[^\p{C}]+$/u.test(text) && !/^(metrics|payload)$/.test(text));
  const scalar = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(key, fc.oneof({ maxDepth: 5 }, scalar, tie('tree')), { maxKeys: 6, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(tree, fc.boolean(), (value, pretty) => {
      const text = JSON.stringify(value, null, pretty ? 2 : 0);
      // Over what was written: -0 is written as 0.
      const expected = flatten(JSON.parse(text) as object, '');
      const sample = decodeJson(text);
      fc.pre(sample.reason !== 'metric-name-too-long');
      assert.equal(sample.reason, 'none');
      assert.deepEqual(new Map(sample.leaves), new Map(expected));
      assert.equal(sample.leaves.length, expected.length);
    }),
  );
});

test('mutated payloads never throw, and what is refused as malformed or accepted agrees with JSON.parse', () => {
  const base = '{"ts":1790000000000,"seq":1,"boot":2,"id":"x","metrics":{"t":21.5,"on":true,"n":{"m":-1e3}},"attrs":{"fw":"1.\\u0032"}}';
  const edit = fc.record({
    at: fc.nat(base.length),
    drop: fc.nat(4),
    put: fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '1', 'e', '-', '.', 't', ' '), maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = base;
      for (const { at, drop, put } of edits) text = text.slice(0, at) + put + text.slice(at + drop);
      const { reason } = decodeJson(text);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (reason === 'none') assert(isJson, text);
    }),
    { numRuns: 3000 },
  );
});
