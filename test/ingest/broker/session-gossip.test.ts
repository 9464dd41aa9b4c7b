/** What edges tell each other of sessions: the newest connection stays, also where it was not heard of when it began. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { MemoryEdgeGossip } from '../../../engine/memory/memory-edge-gossip.ts';
import { SessionGossip, type Begun } from '../../../ingest/broker/session-gossip.ts';
import { decodeSessionsHere } from '../../../schemas/gen/lean.ts';

const TENANT = 'demo';
let open: SessionGossip[] = [];

afterEach(() => {
  for (const gossip of open) gossip.stop();
  open = [];
});

interface Connection extends Begun {
  readonly isOpen: boolean;
}

/** An edge with connections that say nothing themselves. */
class Edge {
  readonly gossip: SessionGossip;
  readonly connections = new Map<string, Connection>();
  readonly takenOver: string[] = [];
  reconnect: () => void = () => undefined;
  isCutOff = false;

  constructor(bus: MemoryEdgeGossip, edgeEpoch: number) {
    this.gossip = new SessionGossip(
      {
        send: (kind, data) => this.isCutOff || bus.send(kind, data),
        receive: (kind, callback) => bus.receive(kind, (data) => this.isCutOff || callback(data)),
        onReconnect: (callback) => {
          this.reconnect = () => {
            this.isCutOff = false;
            callback();
          };
        },
      },
      edgeEpoch,
    );
    open.push(this.gossip);
    this.gossip.serve({
      find: (_tenant, session) => {
        const connection = this.connections.get(session);
        return connection === undefined ? undefined : { ...connection, takeOver: () => this.#takeOver(session) };
      },
      open: () => [...this.connections.values()].filter(({ isOpen }) => isOpen),
    });
  }

  begin(session: string, connection: number, isOpen = true): void {
    this.connections.set(session, { tenant: TENANT, session, connection, isOpen });
    this.gossip.began({ tenant: TENANT, session }, connection);
  }

  #takeOver(session: string): void {
    this.takenOver.push(session);
    this.connections.delete(session);
  }
}

/** Two edges, and how many sessions each message names. */
function world(): { readonly one: Edge; readonly two: Edge; readonly told: number[] } {
  const bus = new MemoryEdgeGossip();
  const told: number[] = [];
  bus.receive('sessions', (data) => told.push(decodeSessionsHere(data)?.sessions.length ?? 0));
  return { one: new Edge(bus, 1), two: new Edge(bus, 2), told };
}

async function turn(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function after(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  await turn();
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    assert.ok(i < 500, `never came true: ${condition.toString()}`);
    await after(5);
  }
}

test('an older connection lets go when a newer one is told', async () => {
  const { one, two } = world();
  one.begin('a:x', 5);
  await turn();
  two.begin('a:x', 9);
  await turn();
  assert.deepEqual([one.takenOver, two.takenOver], [['a:x'], []]);
});

// A connection that began while its session's older one was at an edge without NATS was told once, to nobody: both lived on.
test('an edge that was cut off tells again, and is told of the newer connection', async () => {
  const { one, two } = world();
  one.begin('a:x', 5);
  await turn();
  one.isCutOff = true;
  two.begin('a:x', 9);
  await turn();
  assert.deepEqual(one.takenOver, []);
  one.reconnect();
  await until(() => one.takenOver.length > 0);
  assert.deepEqual([one.takenOver, two.takenOver], [['a:x'], []]);
});

test('the newer connection is at the edge that was cut off: the other one hears of it', async () => {
  const { one, two } = world();
  two.begin('a:x', 5);
  await turn();
  one.isCutOff = true;
  one.begin('a:x', 9);
  await turn();
  assert.deepEqual(two.takenOver, []);
  one.reconnect();
  await until(() => two.takenOver.length > 0);
  assert.deepEqual([one.takenOver, two.takenOver], [[], ['a:x']]);
});

test('a connection that is still to hear what its session was is not told, nor does it correct anybody', async () => {
  const { one, two } = world();
  one.begin('a:x', 5);
  await turn();
  two.connections.set('a:x', { tenant: TENANT, session: 'a:x', connection: 9, isOpen: false });
  one.reconnect();
  two.reconnect();
  await after(20);
  assert.deepEqual([one.takenOver, two.takenOver], [[], []]);
});

test('many are told a few at a time, and who comes back again begins again', async () => {
  const { one, told } = world();
  for (let i = 0; i < 1_200; i++) one.connections.set(`a:${i}`, { tenant: TENANT, session: `a:${i}`, connection: i + 1, isOpen: true });
  one.reconnect();
  await until(() => told.length > 0);
  const before = told.length;
  one.reconnect();
  await until(() => told.at(-1) === 200);
  assert.deepEqual(told.slice(before), [500, 500, 200]);
  assert.ok(told.every((count) => count <= 500));
});

test('nothing is told of what has ended, and nothing after the end', async () => {
  const { one, told } = world();
  for (let i = 0; i < 600; i++) one.connections.set(`a:${i}`, { tenant: TENANT, session: `a:${i}`, connection: i + 1, isOpen: true });
  one.reconnect();
  one.gossip.stop();
  one.reconnect();
  await after(150);
  assert.deepEqual(told, []);
});
