import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { JsonScanner, NESTING_MAX } from '../../../ingest/telemetry/json-scan.ts';

const scanner = new JsonScanner();

function accepts(text: string): boolean {
  const bytes = Buffer.from(text);
  const end = scanner.value(bytes, scanner.skipSpace(bytes, 0, bytes.length), bytes.length);
  return end >= 0 && scanner.skipSpace(bytes, end, bytes.length) === bytes.length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TRICKY = [
  '',
  ' ',
  '{',
  '}',
  '[',
  ']',
  '{}',
  '[]',
  '[,]',
  '{,}',
  '[1,]',
  '{"a":1,}',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  "{'a':1}",
  '{"a":1 "b":2}',
  '[1 2]',
  '0',
  '-0',
  '-',
  '01',
  '1.',
  '.1',
  '1.5',
  '1e',
  '1e+',
  '1e5',
  '1E-5',
  '1e5.5',
  '+1',
  '--1',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '00',
  '-01',
  '"',
  '""',
  '"\\"',
  '"\\\\"',
  '"\\u"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\uABCD"',
  '"\\uabcd"',
  '"\\x"',
  '"\\/"',
  '"\\b\\f\\n\\r\\t"',
  '"\n"',
  '"\t"',
  '"\u0000"',
  '"\u007f"',
  '"é"',
  '"\u2028"',
  '"\ud83d\ude00"',
  'true',
  'True',
  'tru',
  'truee',
  'false',
  'null',
  'nul',
  'nullx',
  'true false',
  '\ufeff{}',
  '\v{}',
  '\u00a0{}',
  '{"a":[{"b":[{}]}]}',
  '[[[[[[]]]]]]',
  '{"a":1}{"b":2}',
  '// c\n{}',
  '{"a":1}//',
  '{"__proto__":1}',
  '{"a":"b\\',
  '"\\u00',
  '[1',
  '{"a":1',
  '{"a":',
  '{"a"',
];

describe('the JSON scanner', () => {
  it('accepts and refuses the tricky cases as JSON.parse does', () => {
    for (const text of TRICKY) assert.equal(accepts(text), isJson(text), JSON.stringify(text));
  });

  it('accepts every JSON text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 1, 2), (text, indent) => {
        assert.equal(accepts(text), true);
        assert.equal(accepts(JSON.stringify(JSON.parse(text), null, indent)), true);
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with JSON.parse on mutated JSON', () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat(3),
      insert: fc.constantFrom(
        '',
        '"',
        '\\',
        ',',
        ':',
        '{',
        '}',
        '[',
        ']',
        '0',
        '-',
        '.',
        'e',
        'u',
        ' ',
        '\n',
        'true',
        '1',
        '\\u',
        '\u0001',
        'é',
      ),
    });
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.array(edit, { minLength: 1, maxLength: 4 }), (json, edits) => {
        let text = json;
        for (const { at, remove, insert } of edits) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + insert + text.slice(from + remove);
        }
        // What UTF-8 cannot express is not there to be scanned.
        const decoded = Buffer.from(text).toString();
        assert.equal(accepts(decoded), isJson(decoded), decoded);
      }),
      { numRuns: 3_000 },
    );
  });

  it('agrees with JSON.parse on soups of JSON characters', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'{}[]",:\\truefalsn0123456789.-+eEu \n\t/b'.split('')), maxLength: 12 });
    fc.assert(
      fc.property(soup, (text) => assert.equal(accepts(text), isJson(text), text)),
      { numRuns: 5_000 },
    );
  });

  it('stays within the bytes it was given', () => {
    const bytes = Buffer.from('{"a":12345}');
    for (let end = 0; end < bytes.length; end++) assert.equal(scanner.value(bytes, 0, end), -1, `cut at ${end}`);
    const inner = Buffer.from('[123]');
    assert.equal(scanner.value(inner, 1, 3), 3);
  });

  it('refuses nesting beyond its bound, and says where', () => {
    assert.equal(accepts('['.repeat(NESTING_MAX) + ']'.repeat(NESTING_MAX)), true);
    assert.equal(accepts('['.repeat(NESTING_MAX + 1) + ']'.repeat(NESTING_MAX + 1)), false);
    assert.equal(scanner.errorAt, NESTING_MAX);
    assert.equal(accepts('['.repeat(1_000_000)), false);
  });
});

function event(text: string): number {
  const bytes = Buffer.from(text);
  return scanner.event(bytes, 0, bytes.length);
}

describe('the members of an event', () => {
  it('are found at the top, wherever they stand', () => {
    const text = '{"x":{"device":"inner","metrics":1},"metrics":{"token":"no"},"device" : "d-1" ,"z":[]}';
    assert.equal(event(text), text.length);
    assert.equal(scanner.isEnvelope, true);
    assert.equal(text.slice(scanner.deviceStart, scanner.deviceEnd), '"d-1"');
    assert.equal(scanner.tokenStart, -1);
  });

  it('are not found below the top', () => {
    const text = '{"a":{"metrics":1,"payload":2,"device":"d","token":"t"}}';
    assert.equal(event(text), text.length);
    assert.equal(scanner.isEnvelope, false);
    assert.equal(scanner.deviceStart, -1);
    assert.equal(scanner.tokenStart, -1);
  });

  it('are recognised when spelled with escapes', () => {
    const text = '{"\\u0064evice":"d","m\\u0065trics":{}}';
    assert.equal(event(text), text.length);
    assert.equal(scanner.isEnvelope, true);
    assert.equal(text.slice(scanner.deviceStart, scanner.deviceEnd), '"d"');
  });

  it('are told when they stand there twice', () => {
    event('{"device":"a","device":"b"}');
    assert.equal(scanner.repeated, 'device');
    event('{"token":"a","tok\\u0065n":"b"}');
    assert.equal(scanner.repeated, 'token');
    event('{"metrics":{},"metrics":{}}');
    assert.equal(scanner.repeated, '');
  });

  it('leave well-formed JSON when the token is cut out', () => {
    const member = fc.constantFrom('"token":"t"', '"token" : "t" ', ' "token":"t"');
    const other = fc.constantFrom('"payload":{"t":1}', ' "ts" : 5 ', '"id":"x"');
    fc.assert(
      fc.property(fc.array(other, { maxLength: 3 }), member, fc.nat(3), (others, token, at) => {
        const members: string[] = [...others];
        members.splice(Math.min(at, members.length), 0, token);
        const text = `{${members.join(',')}}`;
        assert.equal(event(text), text.length);
        const rest = text.slice(0, scanner.tokenCutStart) + text.slice(scanner.tokenCutEnd);
        assert.deepEqual(JSON.parse(rest), JSON.parse(`{${others.join(',')}}`));
      }),
    );
  });

  it('begin with an object', () => {
    for (const text of ['1', '[]', '"x"', '', 'null']) assert.equal(event(text), -1);
  });
});

describe('an event time that looks like seconds', () => {
  function seconds(text: string): string | undefined {
    assert.equal(event(text), text.length);
    return scanner.secondsStart < 0 ? undefined : text.slice(scanner.secondsStart, scanner.secondsEnd);
  }

  it('is a number below 1e11, however it is written', () => {
    const whole = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }).map(String);
    const near = fc.integer({ min: -2, max: 2 }).map((n) => String(1e11 + n));
    const written = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n));
    const powers = fc.tuple(fc.nat(9_999), fc.integer({ min: -4, max: 14 })).map(([n, power]) => `${n}.5e${power}`);
    fc.assert(
      fc.property(fc.oneof(whole, near, written, powers), fc.boolean(), (number, isFirst) => {
        const text = isFirst ? `{"ts":${number},"metrics":{}}` : `{"metrics":{}, "t\\u0073" : ${number} }`;
        assert.equal(seconds(text), Number(number) < 1e11 ? number : undefined, text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is looked for in envelopes only, and in the event of a payload', () => {
    assert.equal(seconds('{"ts":5,"t":1}'), undefined);
    assert.equal(seconds('{"metrics":{"ts":5}}'), undefined);
    assert.equal(seconds('{"payload":{"ts":5,"t":1}}'), undefined);
    assert.equal(seconds('{"ts":"2026-01-01T00:00:00Z","metrics":{}}'), undefined);
    assert.equal(seconds('{"ts":null,"metrics":{}}'), undefined);
    assert.equal(scanner.secondsEnd, -1);
    assert.equal(seconds('{"ts":5,"payload":7}'), '5');
    assert.equal(scanner.secondsDepth, 0);
    assert.equal(seconds('{"payload":{"metrics":{},"ts":6},"x":1}'), '6');
    assert.equal(scanner.secondsDepth, 1);
    assert.equal(seconds('{"payload":{"payload" : {"ts":7,"payload":{} } } }'), '7');
    assert.equal(scanner.secondsDepth, 2);
  });

  it('changes nothing of what is JSON in a payload', () => {
    const nested = fc.json({ maxDepth: 4 });
    const broken = fc.constantFrom('{', '{}', '{"a":1,}', '{"a"}', '{"payload":{}', '{"a":1}}', '{a:1}', '{"ts":}', '{"payload":{"x":[}}');
    fc.assert(
      fc.property(fc.oneof(nested, broken), (text) => {
        const whole = `{"payload":${text}}`;
        assert.equal(event(whole) === Buffer.byteLength(whole), isJson(whole), whole);
      }),
      { numRuns: 500 },
    );
    assert.equal(event(`${'{"payload":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`), -1);
  });
});
