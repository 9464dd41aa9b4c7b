/** Sessions are kept encoded and found again, whatever their size, and however many came and went. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession, type Session } from '../../../engine/domain/session-state.ts';
import { SessionTable } from '../../../engine/domain/session-table.ts';

function sessionOf(session: string, connection: number, device = ''): Session {
  return { ...newSession({ tenant: 't', session, device }), connection };
}

test('more sessions than stand by as objects are all there, and free slots are used again', () => {
  const table = new SessionTable();
  const count = 3_000;
  for (let i = 0; i < count; i++) table.put(sessionOf(`a:${i}`, i));
  for (let i = 0; i < count; i += 2) table.take(table.find('t', `a:${i}`)).received.add(i + 1);
  for (let i = 0; i < count; i++) {
    const slot = table.find('t', `a:${i}`);
    const { connection, received } = table.look(slot);
    assert.deepEqual([connection, [...received]], [i, i % 2 === 0 ? [i + 1] : []]);
  }
  const highest = Math.max(...table.sorted());
  for (let i = 0; i < count; i += 3) table.remove(table.find('t', `a:${i}`));
  assert.deepEqual([table.count, table.find('t', 'a:0'), table.find('u', 'a:1')], [2_000, -1, -1]);
  for (let i = 0; i < 500; i++) assert.ok(table.put(sessionOf(`a:new-${i}`, i)) <= highest);
  assert.deepEqual(
    table.sorted().map((slot) => table.look(slot).session),
    table
      .sorted()
      .map((slot) => table.look(slot).session)
      .toSorted(),
  );
});

test('a session that is larger than a block of memory is kept as well', () => {
  const table = new SessionTable();
  const slot = table.put(sessionOf('a:large', 1));
  const large = table.take(slot);
  for (let id = 1; id <= 65_535; id++) large.received.add(id);
  for (let i = 0; i < 2_000; i++) table.put(sessionOf(`a:${i}`, i));
  assert.equal(table.look(slot).received.size, 65_535);
  assert.equal(table.take(slot).received.size, 65_535);
  const copy = new SessionTable();
  const bytes = table.bytes(slot);
  const again = copy.restore(table.look(slot), bytes);
  assert.deepEqual(copy.bytes(again), bytes);
  copy.remove(again);
  assert.equal(copy.count, 0);
});

test("a device's clients are found by the device, in the order of their names", () => {
  const table = new SessionTable();
  const names = (): readonly string[] => table.ofDevice('t', 'dev').map((slot) => table.look(slot).session);
  for (const name of ['d:dev:z', 'd:dev', 'd:dev:a']) table.put(sessionOf(name, 1, 'dev'));
  table.put(sessionOf('d:de', 1, 'de'));
  table.put(sessionOf('d:dev', 2, 'dev'));
  assert.deepEqual(names(), ['d:dev', 'd:dev:a', 'd:dev:z']);
  table.remove(table.find('t', 'd:dev:a'));
  table.remove(table.find('t', 'd:dev'));
  assert.deepEqual([names(), table.ofDevice('u', 'dev')], [['d:dev:z'], []]);
  table.remove(table.find('t', 'd:dev:z'));
  assert.deepEqual([names(), table.count], [[], 1]);
});
