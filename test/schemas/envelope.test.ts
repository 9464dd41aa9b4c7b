import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  ANSWER_CODE,
  BATCH_EVENTS_FIELD,
  batchHeaderSize,
  CONTENT_TYPE,
  decodeAnswer,
  decodeAsk,
  decodeControlRecord,
  decodeTwinSnapshot,
  encodeAsk,
  encodeControlRecord,
  encodeEventPrefix,
  EVENT_PAYLOAD_FIELD,
  EVENT_RECEIVED_MS_FIELD,
  eventSize,
  KIND,
  MalformedMessageError,
  readBatchIdentity,
  RECORD_KIND,
  VIA,
  writeBatchHeader,
  writeEventEntry,
} from '../../schemas/envelope.ts';
import type { EventPrefixInit } from '../../schemas/envelope.ts';
import { decodeEventBatch } from '../../schemas/gen/lean.ts';
import { loadSchemas, PACKAGE } from '../../schemas/generate.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS } from '../../schemas/tables.ts';
import { messageNamed, recordOf } from './oracle.ts';

const root = await loadSchemas();

describe('an event on its way into a batch', () => {
  const draft = fc.record({
    prefix: recordOf(messageNamed('Event')).map(({ payload: _payload, receivedMs: _receivedMs, ...fields }) => fields as EventPrefixInit),
    clientEventId: fc.string({ maxLength: 20 }),
    payload: fc.uint8Array({ maxLength: 300 }),
    before: fc.nat(5),
    receivedMs: fc.oneof(fc.constant(0), fc.maxSafeNat()),
  });

  it('takes the size that was said, and is read back whole', () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 5 }), fc.string({ maxLength: 10 }), fc.maxSafeNat(), (drafts, edge, number) => {
        const header = { edgeEpoch: number, counter: number, edge, openedMs: number };
        const target = new Uint8Array(10_000);
        let at = writeBatchHeader(target, 0, header);
        assert.equal(at, batchHeaderSize(header));
        for (const { prefix, clientEventId, payload, before, receivedMs } of drafts) {
          const parts = {
            prefix: encodeEventPrefix(prefix),
            extra: encodeEventPrefix({ clientEventId }),
            payload: Uint8Array.from([...new Uint8Array(before), ...payload, 0xff]),
            start: before,
            end: before + payload.length,
            receivedMs,
          };
          const size = eventSize(parts.prefix.length, parts.extra.length, payload.length, receivedMs);
          const end = writeEventEntry(target, at, parts);
          assert.equal(end - at, size);
          at = end;
        }
        const batch = decodeEventBatch(target, 0, at);
        assert.ok(batch !== undefined);
        assert.deepEqual([batch.edgeEpoch, batch.counter, batch.edge, batch.openedMs], [number, number, edge, number]);
        assert.equal(batch.events.length, drafts.length);
        for (const [i, event] of batch.events.entries()) {
          const given = drafts[i];
          assert.deepEqual(event.payload, given?.payload);
          assert.equal(event.receivedMs, given?.receivedMs);
          assert.equal(event.clientEventId, given?.clientEventId === '' ? (given.prefix.clientEventId ?? '') : given?.clientEventId);
          assert.equal(event.device, given?.prefix.device ?? '');
          assert.equal(event.bootId, given?.prefix.bootId);
        }
        assert.deepEqual(readBatchIdentity(target.subarray(0, at)), { edgeEpoch: number, counter: number });
      }),
    );
  });

  it('is written into the fields that the schema gives these names', () => {
    const fields = root.lookupType(`${PACKAGE}.Event`).fields;
    assert.equal(fields['payload']?.id, EVENT_PAYLOAD_FIELD);
    assert.equal(fields['receivedMs']?.id, EVENT_RECEIVED_MS_FIELD);
    assert.equal(root.lookupType(`${PACKAGE}.EventBatch`).fields['events']?.id, BATCH_EVENTS_FIELD);
  });

  it('has no identity in a batch that is malformed', () => {
    assert.deepEqual(readBatchIdentity(Uint8Array.of(0x08)), { edgeEpoch: 0, counter: 0 });
  });
});

describe('records of the control plane', () => {
  it('come back as they were written', () => {
    const record = decodeControlRecord(
      encodeControlRecord({
        kind: RECORD_KIND.claim,
        fromSeq: 8,
        toSeq: 7,
        last: { seq: 7, timestampMs: 1_700_000_000_000, edgeEpoch: 3, counter: 0 },
        sink: { hwm: 5, intent: { to: 9, tables: [{ table: 'events', rows: 2, digest: 2n ** 64n - 1n, generation: 0 }] } },
        claim: { node: 'n1', instance: 'i1' },
      }),
    );
    assert.equal(record.kind, RECORD_KIND.claim);
    assert.deepEqual(record.last, { seq: 7, timestampMs: 1_700_000_000_000, edgeEpoch: 3, counter: 0 });
    assert.equal(record.sink?.intent?.tables[0]?.digest, 2n ** 64n - 1n);
    assert.equal(record.claim?.instance, 'i1');
    assert.equal(record.repair, undefined);
  });

  it('may be put together of spans, for fields stand in any order', () => {
    const folded = encodeControlRecord({ fromSeq: 3, toSeq: 4, events: 9 });
    const sink = encodeControlRecord({ sink: { hwm: 11 }, outboxDone: 2 });
    const record = decodeControlRecord(Uint8Array.from([...folded, ...sink]));
    assert.deepEqual([record.fromSeq, record.toSeq, record.events, record.outboxDone, record.sink?.hwm], [3, 4, 9, 2, 11]);
  });

  it('that are damaged throw an error of their own', () => {
    const damaged = Uint8Array.of(0xff, 0xff);
    for (const decode of [decodeControlRecord, decodeTwinSnapshot, decodeAsk, decodeAnswer])
      assert.throws(() => decode(damaged), MalformedMessageError);
  });

  it('ask for one thing', () => {
    const ask = decodeAsk(encodeAsk({ minSeq: 4, twin: { tenant: 'demo', device: 'd1' } }));
    assert.deepEqual([ask.minSeq, ask.twin, ask.status], [4, { tenant: 'demo', device: 'd1' }, undefined]);
  });
});

/** `KIND_EDGE_GONE` of `Kind` as `edge-gone`. */
function kebabValues(name: string): ReadonlyMap<string, number> {
  const { values } = root.lookupEnum(`${PACKAGE}.${name}`);
  const prefix = `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
  return new Map(Object.entries(values).map(([key, value]) => [key.slice(prefix.length).toLowerCase().replaceAll('_', '-'), value]));
}

function kebab(camel: string): string {
  return camel.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

describe('closed lists', () => {
  const constants = { Kind: KIND, ContentType: CONTENT_TYPE, Via: VIA, RecordKind: RECORD_KIND, AnswerCode: ANSWER_CODE };
  for (const [name, values] of Object.entries(constants)) {
    it(`of ${name} are the schema's`, () => {
      assert.deepEqual(new Map(Object.entries(values).map(([key, value]) => [kebab(key), value])), kebabValues(name));
    });
  }

  const columns = { kind: 'Kind', content_type: 'ContentType', via: 'Via' };
  for (const [column, name] of Object.entries(columns)) {
    it(`of the column ${column} are the schema's`, () => {
      const type = EVENT_COLUMNS.find((candidate) => candidate.name === column)?.type ?? '';
      const listed = Array.from(type.matchAll(/'([a-z-]+)' = (\d+)/g), (match) => [match[1] ?? '', Number(match[2])] as const);
      assert.deepEqual(new Map(listed), kebabValues(name));
    });
  }

  it('of columns name each column once', () => {
    for (const table of [EVENT_COLUMNS, DECISION_COLUMNS]) {
      const names = table.map((column) => column.name);
      assert.equal(new Set(names).size, names.length);
    }
  });
});
