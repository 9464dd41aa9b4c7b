/** Frames of `/ws`: what is read of them, whatever stands around the payload, and what is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'cborg';
import fc from 'fast-check';
import { CBOR_CODEC, JSON_CODEC } from '../../../ingest/ws/codec.ts';

test('a JSON payload keeps its text, wherever it stands and whatever is beside it', () => {
  const others = fc.dictionary(
    fc.string().filter((name) => name !== 'payload' && name !== '__proto__'),
    fc.jsonValue(),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(
      fc.record({ before: others, behind: others, payload: fc.jsonValue(), space: fc.constantFrom('', ' ', '\n\t ') }),
      ({ before, behind, payload, space }) => {
        const member = ([name, value]: readonly [string, unknown]): string =>
          `${JSON.stringify(name)}${space}:${space}${JSON.stringify(value)}`;
        const text = JSON.stringify(payload);
        const members = [...Object.entries(before).map(member), `"payload"${space}:${space}${text}`, ...Object.entries(behind).map(member)];
        const frame = JSON_CODEC.read(Buffer.from(`${space}{${space}${members.join(`${space},${space}`)}${space}}${space}`));
        assert.equal(frame?.payload?.bytes.toString('utf8').trim(), text);
      },
    ),
  );
});

test('the last of two payloads counts, as it does in JSON; an escaped name is one, too; digits stay', () => {
  const bytes = (text: string): string | undefined => JSON_CODEC.read(Buffer.from(text))?.payload?.bytes.toString('utf8').trim();
  assert.equal(bytes('{"payload":1,"payload":{"n":9007199254740993}}'), '{"n":9007199254740993}');
  assert.equal(bytes('{"a":{"payload":1},"p\\u0061yload":[2]}'), '[2]');
  assert.equal(bytes('{"a":"\\"payload\\":{"}'), undefined);
});

test('what is no record is none', () => {
  for (const text of ['', '1', 'null', '[]', '"x"', '{', '{"a":1}x']) assert.equal(JSON_CODEC.read(Buffer.from(text)), undefined, text);
  for (const value of [1, null, [], 'x', Uint8Array.of(1)]) assert.equal(CBOR_CODEC.read(Buffer.from(encode(value))), undefined);
  assert.equal(CBOR_CODEC.read(Buffer.from([0xff])), undefined);
});

test('a CBOR payload is taken as JSON says it, a byte string as it is, and what JSON has no word for not at all', () => {
  const payloadOf = (payload: unknown): string | undefined =>
    CBOR_CODEC.read(Buffer.from(encode({ op: 'telemetry', payload })))?.payload?.bytes.toString('utf8');
  assert.equal(
    payloadOf({ t: 21.5, on: true, s: 'ü', list: [1, null], big: 2n ** 60n }),
    '{"s":"ü","t":21.5,"on":true,"big":1152921504606846976,"list":[1,null]}',
  );
  assert.deepEqual(CBOR_CODEC.read(Buffer.from(encode({ payload: Uint8Array.of(8, 1) })))?.payload, {
    format: 'protobuf',
    bytes: Buffer.from([8, 1]),
  });
  assert.equal(payloadOf({ raw: Uint8Array.of(1) }), undefined);
  assert.equal(payloadOf({ n: Number.NaN }), undefined);
});
