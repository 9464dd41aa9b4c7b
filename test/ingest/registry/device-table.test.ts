import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DeviceTable } from '../../../ingest/registry/device-table.ts';
import type { CredentialEntry, DeviceEntry } from '../../../ingest/registry/entries.ts';

const time = fc.integer({ min: 0, max: 2 ** 45 });
const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const text = fc.string({ unit: 'binary', maxLength: 40 });
const id = fc.constantFrom('a', 'b', 'c', 'device-1', 'device-2', 'x'.repeat(64), '-', '_0');
const external = fc.constantFrom('00:11', 'urn:x', 'é', '😀', 'ab', 'y'.repeat(128), 'a');

const credential: fc.Arbitrary<CredentialEntry> = fc
  .record(
    {
      id: fc.constantFrom('c1', 'c2', 'Zm9vYmFy'),
      createdMs: time,
      type: fc.constantFrom('token', 'x509', 'psk'),
      hash: fc.oneof(
        hex.map((bytes) => bytes.toString('base64url')),
        fc.constantFrom('h', '', 'aa=='),
      ),
      fingerprint: hex.map((bytes) => bytes.toString('hex')),
      spki: hex.map((bytes) => bytes.toString('base64')),
      sealed: text,
      notBeforeMs: time,
      notAfterMs: time,
      revokedMs: time,
    },
    { requiredKeys: ['id', 'createdMs'], noNullPrototype: true },
  )
  .map((made) => made as CredentialEntry);

const entry: fc.Arbitrary<DeviceEntry> = fc
  .record(
    {
      kind: fc.constant('device'),
      tenant: fc.constant('t'),
      id,
      createdMs: time,
      externalIds: fc.uniqueArray(external, { maxLength: 4 }),
      credentials: fc.array(credential, { maxLength: 3 }),
      state: fc.constantFrom('registered', 'active', 'disabled', 'decommissioned'),
      group: fc.constantFrom('g', 'h'),
      model: text.filter((model) => model !== ''),
      tags: fc.dictionary(fc.constantFrom('site', 'n', 'toString', 'é'), fc.jsonValue({ maxDepth: 1 }), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      policy: fc.constantFrom({ allow: ['telemetry:write'] }, { allow: [], deny: ['twin:read'] }),
      limits: fc.constant({ messages: '20/s burst 60' }),
      reuse: fc.constant(true),
      deletedMs: time,
    },
    { requiredKeys: ['kind', 'tenant', 'id', 'createdMs', 'externalIds', 'credentials'], noNullPrototype: true },
  )
  // What has no JSON of its own, such as -0, isn't in the log either.
  .map((made) => JSON.parse(JSON.stringify(made)) as DeviceEntry);

describe('the packed table of devices', () => {
  it('gives back what was put in, by id and by external id, whatever came between', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const table = new DeviceTable();
        const model = new Map<string, { readonly entry: DeviceEntry; readonly seq: number }>();
        for (const [i, each] of entries.entries()) {
          table.put(each, i + 1);
          model.set(each.id, { entry: each, seq: i + 1 });
        }
        assert.equal(table.rows, model.size);
        for (const [name, { entry: kept, seq }] of model) {
          const row = table.rowOf(name);
          assert.deepEqual(table.entry('t', row), kept);
          assert.deepEqual([table.seqAt(row), table.idAt(row), table.isDeletedAt(row)], [seq, name, kept.deletedMs !== undefined]);
          for (const one of kept.externalIds) assert.ok(table.entry('t', table.rowOfExternal(one)).externalIds.includes(one));
        }
        for (const name of ['00:11', 'urn:x', 'é', '😀', 'ab']) {
          const isHeld = [...model.values()].some(({ entry: kept }) => kept.externalIds.includes(name));
          assert.equal(table.rowOfExternal(name) >= 0, isHeld, name);
        }
        assert.equal(table.rowOf('nobody'), -1);
      }),
      { numRuns: 200 },
    );
  });

  it('finds what a filter asks for, in the order of the rows, however it is cut into pages', () => {
    const filter = fc.record(
      {
        tags: fc.constantFrom({ n: 1 }, { n: 1, site: 's2' }, { site: 'none' }),
        group: fc.constantFrom('g', 'h', 'none'),
        groupTags: fc.constant({ n: 2 }),
        state: fc.constantFrom('active', 'disabled'),
        idPrefix: fc.constantFrom('d-1', 'd-', 'x'),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    const table = new DeviceTable();
    const all = Array.from({ length: 200 }, (_, i): DeviceEntry => {
      const made: DeviceEntry = {
        kind: 'device',
        tenant: 't',
        id: `d-${i}`,
        externalIds: [],
        createdMs: 1,
        credentials: [],
        tags: { n: i % 3, site: `s${i % 4}` },
      };
      return {
        ...made,
        ...(i % 2 === 0 ? { group: 'g' } : {}),
        ...(i % 5 === 0 ? { state: 'disabled' } : {}),
        ...(i % 11 === 0 ? { deletedMs: 1 } : {}),
      };
    });
    for (const [i, each] of all.entries()) table.put(each, i + 1);
    fc.assert(
      fc.property(filter, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 300 }), (asked, limit, looksMax) => {
        const wanted = { ...asked } as Parameters<DeviceTable['scan']>[0];
        const found: number[] = [];
        for (let from = 0; from < table.rows;) {
          const { next, rows } = table.scan(wanted, from, { limit, looksMax });
          assert.ok(rows.length <= limit && next > from && next <= from + looksMax);
          found.push(...rows);
          from = next;
        }
        const has = (each: DeviceEntry, tags: Readonly<Record<string, unknown>> | undefined): boolean =>
          Object.entries(tags ?? {}).every(([key, value]) => each.tags?.[key] === value);
        const fits = all.flatMap((each, row) =>
          each.deletedMs === undefined &&
          has(each, wanted.tags) &&
          (wanted.group === undefined || each.group === wanted.group || (wanted.groupTags !== undefined && has(each, wanted.groupTags))) &&
          (wanted.state === undefined || (each.state ?? 'active') === wanted.state) &&
          each.id.startsWith(wanted.idPrefix ?? '')
            ? [row]
            : [],
        );
        assert.deepEqual(found, fits);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its rows and its size while devices change again and again', () => {
    const table = new DeviceTable();
    const made = (i: number, round: number): DeviceEntry => ({
      kind: 'device',
      tenant: 't',
      id: `device-${i}`,
      externalIds: [`mac-${i}-${round % 2}`],
      createdMs: 1_700_000_000_000,
      tags: { round },
      credentials: [{ id: 'c', hash: Buffer.alloc(32, i).toString('base64url'), createdMs: 1_700_000_000_000 }],
    });
    let seq = 0;
    for (let i = 0; i < 5_000; i++) table.put(made(i, 0), ++seq);
    const before = table.bytes;
    for (let round = 1; round <= 20; round++) for (let i = 0; i < 5_000; i++) table.put(made(i, round), ++seq);
    assert.ok(table.bytes < before * 3, `${table.bytes} after ${before}`);
    for (let i = 0; i < 5_000; i += 7) {
      assert.equal(table.rowOf(`device-${i}`), i);
      assert.deepEqual(table.entry('t', i), made(i, 20));
      assert.deepEqual([table.rowOfExternal(`mac-${i}-0`), table.rowOfExternal(`mac-${i}-1`)], [i, -1]);
    }
  });

  it('keeps tags apart from texts that many share, when those are too many to be numbered', () => {
    const table = new DeviceTable();
    const made = (i: number): DeviceEntry => ({
      kind: 'device',
      tenant: 't',
      id: `d-${i}`,
      externalIds: [],
      createdMs: 1,
      credentials: [],
      tags: { serial: `s-${i}`, line: i % 2 },
    });
    for (let i = 0; i < 20_000; i++) table.put(made(i), i + 1);
    for (const i of [0, 16_000, 19_999]) {
      assert.deepEqual(table.scan({ tags: { serial: `s-${i}` } }, 0, { limit: 9, looksMax: 20_000 }).rows, [i]);
      assert.deepEqual(table.entry('t', i), made(i));
    }
  });

  it('remembers the last use, of the credential that it was', () => {
    const table = new DeviceTable();
    table.put({ kind: 'device', tenant: 't', id: 'd', externalIds: [], createdMs: 1, credentials: [] }, 1);
    const noon = Date.UTC(2026, 10, 23, 12, 0);
    assert.equal(table.usedMs(0, 'c1'), undefined);
    table.noteUsed(0, 'c1', noon + 30_000);
    table.noteUsed(0, 'c2', noon - 60_000);
    assert.deepEqual([table.usedMs(0, 'c1'), table.usedMs(0, 'c2')], [noon, undefined]);
    table.noteUsed(0, 'c2', noon + 60_000);
    assert.deepEqual([table.usedMs(0, 'c1'), table.usedMs(0, 'c2')], [undefined, noon + 60_000]);
  });
});
