/** How much sessions without a connection may leave behind: of a device, and of a tenant's applications. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionSink } from '../../../engine/domain/session.ts';
import { AWAY_OF_DEVICE_MAX, AWAY_UNITS_TENANT_MAX, Sessions } from '../../../engine/domain/sessions.ts';
import type { Will } from '../../../schemas/gen/lean.ts';

const T = 1_000_000;
/** Units of a tenant in the partition. */
const ROOM = 40;
const PARTITIONS = AWAY_UNITS_TENANT_MAX / ROOM;
const WILL: Will = { topic: 'gone', payload: Uint8Array.of(1), flags: 1, properties: new Uint8Array(0), delayS: 30 };

interface About {
  readonly tenant?: string;
  readonly device?: string;
  readonly will?: Will;
  readonly filters?: number;
}

class World {
  sessions = new Sessions(PARTITIONS);
  readonly wills: string[] = [];
  readonly #sink: SessionSink = {
    tell: () => undefined,
    send: (session) => void this.wills.push(session.session),
  };
  readonly #sinks = { told: this.#sink, timed: this.#sink };
  #place = 0;

  connect(session: string, { device = '', tenant = 't', will }: About = {}): number {
    const place = ++this.#place;
    const said = { cleanStart: false, expiryS: 300, keepAliveS: 60, level: 5, address: '', edgeConnection: place, will };
    const who = { tenant, session, device, gateway: '', via: 1, edge: 'e', edgeEpoch: 1 };
    this.sessions.connect({ ...who, said, place, logMs: T }, this.#sinks);
    return place;
  }

  /** Whether it is kept. */
  comeAndGo(session: string, about: About = {}): boolean {
    const { filters = 0, tenant = 't', will } = about;
    const connection = this.connect(session, about);
    const subscribed = Array.from({ length: filters }, (_, i) => ({
      filter: `f/${i}`,
      qos: 1,
      noLocal: false,
      retainAsPublished: false,
      retainHandling: 0,
      id: 0,
      since: [],
      retainedDue: false,
      retainedSince: [],
    }));
    const last = { subscribed, unsubscribed: [], released: [], cursor: [], outgoing: [], viewCursor: [], retainedGiven: [] };
    const speaker = { tenant, session, connection, edgeEpoch: 1, edgeConnection: connection, last };
    const said = { reason: 0, why: 'client', sendWill: will !== undefined, expiryS: undefined };
    return this.sessions.disconnect(speaker, { said, place: ++this.#place, logMs: T }, this.#sinks)?.session !== true;
  }

  has(session: string, tenant = 't'): boolean {
    return this.sessions.read(tenant, session, T + 1) !== undefined;
  }

  fire(): void {
    while (this.sessions.fireNext(T, this.#sink));
  }

  restart(): void {
    const restored = new Sessions(PARTITIONS);
    for (const { body } of [...this.sessions.states()].toReversed()) assert.ok(restored.restore(body));
    this.sessions = restored;
  }
}

test('what a tenant’s applications leave behind is bounded, whatever ids they choose, and others have their own room', () => {
  const world = new World();
  for (let i = 0; i < ROOM; i++) assert.ok(world.comeAndGo(`a:${i}`));
  assert.equal(world.comeAndGo('a:more'), false);
  assert.equal(world.has('a:more'), false);
  assert.ok(world.comeAndGo('a:other', { tenant: 'u' }));
  assert.ok(world.has('a:other', 'u'));
  world.restart();
  assert.equal(world.comeAndGo('a:more'), false);
  // Whoever comes back makes room, and has it still when it goes.
  assert.ok(world.comeAndGo('a:3'));
  assert.equal(world.sessions.count, ROOM + 1);
});

test('a session counts with its subscriptions', () => {
  const world = new World();
  assert.ok(world.comeAndGo('a:wide', { filters: ROOM - 1 }));
  assert.equal(world.comeAndGo('a:narrow'), false);
  const connection = world.connect('a:wide');
  assert.ok(world.comeAndGo('a:narrow'));
  assert.ok(connection > 0 && world.has('a:wide'));
});

test('of a device’s clients some are kept, and the device’s own presence all the same', () => {
  const world = new World();
  for (let i = 0; i < AWAY_OF_DEVICE_MAX; i++) assert.ok(world.comeAndGo(`d:dev:${i}`, { device: 'dev' }));
  assert.equal(world.comeAndGo('d:dev:more', { device: 'dev' }), false);
  assert.equal(world.has('d:dev:more'), false);
  assert.ok(world.has('d:dev:0'));
  assert.ok(world.comeAndGo('d:two', { device: 'two' }));
  world.restart();
  assert.equal(world.comeAndGo('d:dev:more', { device: 'dev' }), false);
});

test('the will of a session that finds no room is sent at once', () => {
  const world = new World();
  for (let i = 0; i < ROOM; i++) world.comeAndGo(`a:${i}`);
  world.comeAndGo('a:willing', { will: WILL });
  world.fire();
  assert.deepEqual(world.wills, ['a:willing']);
  assert.equal(world.has('a:willing'), false);
  assert.equal(world.sessions.count, ROOM);
});
