/**
 * The generated readers and writers against protobufjs. They may refuse what protobufjs forgives (a known field with
 * another wire type, numbers beyond 2^53), but what they accept they read alike, and what they write is the same.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tagOf, writeVarint } from '../../schemas/wire.ts';
import { compact, leanCodec, MESSAGES, messageNamed, oracleDecode, oracleDecodeLast, oracleEncode, recordOf } from './oracle.ts';
import type { Reader } from './oracle.ts';

const RUNS = { numRuns: 60 };
const HOT = ['Event', 'EventBatch', 'Metric', 'TelemetrySample', 'TelemetryBatch', 'ControlRecord', 'OutcomeRuns', 'DeviceState'];
const HOT_RUNS = { numRuns: 300 };

describe('records of every message', () => {
  for (const message of MESSAGES) {
    const codec = leanCodec(message.name);
    it(`${message.name} is written as protobufjs writes it, and read back`, () => {
      fc.assert(
        fc.property(recordOf(message), (record) => {
          const bytes = codec.encode(record);
          assert.deepEqual(bytes, oracleEncode(message, record));
          const decoded = codec.decode(bytes);
          assert.ok(decoded !== undefined);
          assert.deepEqual(compact(message, decoded), oracleDecode(message, bytes));
        }),
        RUNS,
      );
    });
  }
});

/** A whole message with some bytes changed, cut out or put in. */
function damaged(name: string): fc.Arbitrary<Uint8Array> {
  const { encode } = leanCodec(name);
  const edits = fc.array(fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.tuple(recordOf(messageNamed(name)), edits).map(([record, changes]) => {
    let bytes = Array.from(encode(record));
    for (const { at, remove, insert } of changes) bytes = bytes.toSpliced(at % (bytes.length + 1), remove, ...insert);
    return Uint8Array.from(bytes);
  });
}

/** Whole varints and lengths, but of any field: gets deeper than bytes at random. */
const fieldSoup: fc.Arbitrary<Uint8Array> = fc
  .array(fc.tuple(fc.nat(30), fc.nat(7), fc.oneof(fc.nat(300), fc.maxSafeNat()), fc.uint8Array({ maxLength: 12 })), { maxLength: 8 })
  .map((fields) => {
    const bytes = new Uint8Array(fields.length * 40);
    let at = 0;
    for (const [field, wireType, number, body] of fields) {
      at = writeVarint(bytes, at, tagOf(field, wireType));
      if (wireType === 0) at = writeVarint(bytes, at, number);
      else if (wireType === 2) {
        at = writeVarint(bytes, at, body.length);
        bytes.set(body, at);
        at += body.length;
      } else if (wireType === 1) at += 8;
      else if (wireType === 5) at += 4;
    }
    return bytes.slice(0, at);
  });

function tagBytes(field: number): readonly number[] {
  const bytes = new Uint8Array(5);
  return [...bytes.subarray(0, writeVarint(bytes, 0, tagOf(field, 2)))];
}

describe('bytes of any kind', () => {
  for (const name of HOT) {
    const message = messageNamed(name);
    const { decode, encode, reader } = leanCodec(name);
    it(`${name}: what is accepted, protobufjs accepts and reads alike`, () => {
      let accepted = 0;
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), fieldSoup, damaged(name)), (bytes) => {
          const decoded = decode(bytes);
          if (decoded === undefined) return;
          accepted++;
          assert.deepEqual(compact(message, decoded), oracleDecodeLast(message, bytes));
        }),
        HOT_RUNS,
      );
      assert.ok(accepted > 0, 'no input got through: the property says nothing');
    });

    it(`${name}: a text that a later one replaces is not looked at`, () => {
      const text = message.fields.find((field) => field.kind === 'string' && !field.repeated);
      if (text === undefined) return;
      const bytes = [0xff, 0x41].flatMap((letter) => [...tagBytes(text.number), 1, letter]);
      const decoded = decode(Uint8Array.from(bytes));
      assert.ok(decoded !== undefined);
      assert.equal(decoded[text.name], 'A');
      assert.deepEqual(compact(message, decoded), oracleDecodeLast(message, Uint8Array.from(bytes)));
    });

    it(`${name}: nothing outside [start, end) makes a difference`, () => {
      fc.assert(
        fc.property(damaged(name), fc.nat(20), (bytes, before) => {
          const results = [0x00, 0x01, 0xff].map((filler) => {
            const around = new Uint8Array(bytes.length + before + 12).fill(filler);
            around.set(bytes, before);
            return decode(around, before, before + bytes.length);
          });
          const alone = decode(bytes);
          for (const result of results) assert.deepEqual(result, alone);
        }),
        RUNS,
      );
    });

    it(`${name}: cut off anywhere, it is malformed or whole up to there`, () => {
      fc.assert(
        fc.property(recordOf(message), (record) => {
          const bytes = encode(record);
          for (let end = 0; end <= bytes.length; end++) {
            const cut = decode(bytes, 0, end);
            if (cut !== undefined) assert.deepEqual(compact(message, cut), oracleDecode(message, bytes.slice(0, end)));
          }
        }),
        { numRuns: 20 },
      );
    });

    it(`${name}: a reader that was used before reads like a new one`, () => {
      const used = reader();
      fc.assert(
        fc.property(fc.oneof(fieldSoup, damaged(name)), recordOf(message), (dirt, record) => {
          used.read(dirt, 0, dirt.length);
          const bytes = encode(record);
          const fresh = reader();
          assert.equal(fresh.read(bytes, 0, bytes.length), true);
          assert.equal(used.read(bytes, 0, bytes.length), true);
          assert.deepEqual(visible(used, fresh), visible(fresh, fresh));
        }),
        RUNS,
      );
    });

    it(`${name}: unknown fields are passed over`, () => {
      fc.assert(
        fc.property(recordOf(message), fc.uint8Array({ maxLength: 20 }), fc.nat(), (record, body, number) => {
          const bytes = encode(record);
          const unknown = new Uint8Array(64);
          let at = writeVarint(unknown, 0, tagOf(1000, 2));
          at = writeVarint(unknown, at, body.length);
          unknown.set(body, at);
          at = writeVarint(unknown, at + body.length, tagOf(1001, 0));
          at = writeVarint(unknown, at, number);
          at = writeVarint(unknown, at, tagOf(1002, 1)) + 8;
          at = writeVarint(unknown, at, tagOf(1003, 5)) + 4;
          const longer = Uint8Array.from([...unknown.subarray(0, at), ...bytes, ...unknown.subarray(0, at)]);
          assert.deepEqual(decode(longer), decode(bytes));
        }),
        RUNS,
      );
    });
  }
});

/**
 * The fields of a reader that mean something: arrays up to their counts, a oneof's members only where `fresh`, in which
 * nothing was read before, has them.
 */
function visible(reader: Reader, fresh: Reader): Readonly<Record<string, unknown>> {
  const wanted = new Map<string, unknown>(Object.entries(fresh));
  const seen: Record<string, unknown> = {};
  const unset = 'valueCase' in fresh;
  for (const [key, value] of Object.entries(reader)) {
    if (ArrayBuffer.isView(value)) {
      const count: unknown = wanted.get(`${key.replace(/(Starts|Ends)$/, '')}Count`);
      seen[key] = (value as Uint32Array).slice(0, Number(count));
    } else if (!unset || key.endsWith('Case') || key.startsWith('name')) seen[key] = value;
  }
  return seen;
}
