/**
 * Random lives of clients, edges that die and drain, time that passes in leaps: the partition's sessions against a naive
 * broker. Timers may also be late, as they are when a record is full: nothing may come out otherwise than if they were not.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SessionNews, SessionSink } from '../../../engine/domain/session.ts';
import { EXPIRY_NEVER_S, decodeSession, type Session } from '../../../engine/domain/session-state.ts';
import { Sessions } from '../../../engine/domain/sessions.ts';
import { must } from '../../../engine/kernel/assert.ts';
import type { SessionChange, Will } from '../../../schemas/gen/lean.ts';
import { NaiveBroker, type NaiveWill } from './session-naive.ts';

const NO_CHANGE: SessionChange = {
  subscribed: [],
  unsubscribed: [],
  released: [],
  cursor: [],
  outgoing: [],
  viewCursor: [],
  retainedGiven: [],
};
const CLIENTS = ['d:dev', 'd:dev:2', 'a:app'];

/** The sessions as the fold drives them. */
class Real {
  sessions = new Sessions(4);
  readonly wills: string[] = [];
  /** Of each client's connections: how often it was told to begin and to end. */
  readonly told = new Map<number, string[]>();
  /** By client: the number of its last connection, and of the one before. */
  readonly numbers = new Map<string, readonly [number, number]>();
  readonly delivered: string[] = [];
  ms = 1_000_000;
  place = 0;
  readonly #sink: SessionSink = {
    tell: (_session: Session, news: SessionNews): void => {
      if (news.state !== 'connected' && news.state !== 'disconnected') return;
      this.told.set(news.connection, [...(this.told.get(news.connection) ?? []), news.state]);
    },
    send: (session: Session, _will: Will, { ms }: { readonly ms: number }): void => {
      this.wills.push(`${session.session} ${session.connection} ${ms}`);
    },
  };
  readonly sinks = { told: this.#sink, timed: this.#sink };

  speaker(
    session: string,
    isOld: boolean,
  ): { readonly tenant: string; readonly session: string; readonly connection: number; readonly edgeEpoch: number } {
    const [last, before] = this.numbers.get(session) ?? [0, 0];
    // A connection 0 would be whatever this edge holds; edges that don't know better are tested in the pipeline.
    return { tenant: 't', session, connection: (isOld ? before : last) || 999_999, edgeEpoch: 9 };
  }

  fire(): void {
    while (this.sessions.fireNext(this.ms, this.#sink));
  }

  restart(): void {
    const restored = new Sessions(4);
    for (const { body } of [...this.sessions.states()].toReversed()) assert.ok(restored.restore(body));
    assert.deepEqual(
      [restored.edges, restored.nextDueMs, restored.count],
      [this.sessions.edges, this.sessions.nextDueMs, this.sessions.count],
    );
    this.sessions = restored;
  }
}

type Model = NaiveBroker;
type Command = fc.Command<Model, Real>;

/** Does something to both; late timers are left to whoever comes. */
function command(name: string, isLate: boolean, run: (model: Model, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      real.place += 1;
      if (!isLate) real.fire();
      run(model, real);
      if (!isLate) real.fire();
      model.pass(real.ms);
      compare(model, real, isLate);
    },
    toString: () => `${name}${isLate ? ' (late)' : ''}`,
  };
}

function compare(model: Model, real: Real, isLate: boolean): void {
  for (const session of CLIENTS) {
    const naive = model.clients.get(session);
    const bytes = real.sessions.read('t', session, real.ms);
    const state = bytes === undefined ? undefined : must(decodeSession(bytes), 'session');
    // A session that is over but not yet told so is not shown either.
    assert.equal(state !== undefined, naive?.session !== undefined, `whether ${session} is there`);
    if (state === undefined || naive?.session === undefined) continue;
    assert.deepEqual([...state.subscriptions.keys()].toSorted(), [...naive.session.filters].toSorted());
    assert.deepEqual(state.received, naive.session.unreleased);
    if (isLate) continue;
    assert.equal(state.connected, naive.connection !== undefined);
    assert.equal(state.connected && state.orphaned, naive.connection?.goneMs !== undefined);
  }
  if (!isLate) assert.deepEqual(real.wills.toSorted(), model.wills.toSorted());
}

const client = fc.constantFrom(...CLIENTS);
const late = fc.boolean();
const expiry = fc.constantFrom(0, 5, 60, EXPIRY_NEVER_S);
const will: fc.Arbitrary<NaiveWill | undefined> = fc.option(fc.record({ delayS: fc.constantFrom(0, 3, 20, 1_000) }), { nil: undefined });

const connects = fc
  .record({ session: client, late, expiryS: expiry, clean: fc.boolean(), will, edge: fc.integer({ min: 1, max: 2 }) })
  .map(({ clean, edge, expiryS, late: isLate, session, will: naiveWill }) =>
    command(`connect ${session} ${JSON.stringify({ clean, edge, expiryS, naiveWill })}`, isLate, (model, real) => {
      const { ms, place } = real;
      model.connect(session, { ms, number: place, edge, clean, expiryS, will: naiveWill });
      const sent: Will | undefined = naiveWill && {
        topic: 'w',
        payload: new Uint8Array(0),
        flags: 0,
        properties: new Uint8Array(0),
        ...naiveWill,
      };
      const said = { cleanStart: clean, expiryS, keepAliveS: 30, level: 5, address: '', will: sent, edgeConnection: place };
      const device = session.startsWith('d:') ? 'dev' : '';
      real.sessions.connect(
        { tenant: 't', session, device, gateway: '', via: 1, said, place, logMs: ms, edgeEpoch: edge, edge: 'e' },
        real.sinks,
      );
      real.numbers.set(session, [place, real.numbers.get(session)?.[0] ?? 0]);
    }),
  );
const disconnects = fc
  .record({ session: client, late, withWill: fc.boolean(), expiryS: fc.option(expiry, { nil: undefined }), old: late })
  .map(({ expiryS, late: isLate, old, session, withWill }) =>
    command(`disconnect ${session} ${JSON.stringify({ withWill, expiryS, old })}`, isLate, (model, real) => {
      const speaker = real.speaker(session, old);
      const { ms, place } = real;
      model.disconnect(session, { ms, number: speaker.connection, withWill, expiryS });
      const said = { reason: 0, why: 'closed', sendWill: withWill, expiryS };
      real.sessions.disconnect({ ...speaker, edgeConnection: 0, last: undefined }, { said, place, logMs: ms }, real.sinks);
    }),
  );
const subscribes = fc
  .record({ session: client, late, filter: fc.constantFrom('a', 'b'), gone: fc.boolean(), old: late })
  .map(({ filter, gone, late: isLate, old, session }) =>
    command(`${gone ? 'unsubscribe' : 'subscribe'} ${session} ${filter}${old ? ' (old)' : ''}`, isLate, (model, real) => {
      const speaker = real.speaker(session, old);
      const held = model.held(session, speaker.connection, real.ms);
      if (held === undefined) return;
      if (gone) held.filters.delete(filter);
      else held.filters.add(filter);
      const subscription = {
        filter,
        qos: 1,
        noLocal: false,
        retainAsPublished: false,
        retainHandling: 0,
        id: 0,
        since: [],
        retainedDue: false,
        retainedSince: [],
      };
      const change = gone ? { ...NO_CHANGE, unsubscribed: [filter] } : { ...NO_CHANGE, subscribed: [subscription] };
      real.sessions.change(speaker, change, { logMs: real.ms, sinks: real.sinks });
    }),
  );
const publishes = fc
  .record({ session: client, late, id: fc.integer({ min: 1, max: 3 }), old: late })
  .map(({ id, late: isLate, old, session }) =>
    command(`publish ${session} ${id}${old ? ' (old)' : ''}`, isLate, (model, real) => {
      const speaker = real.speaker(session, old);
      // What the connection before took in may come later; it is the session's, where that is still the same one.
      const held = model.sessionOf(session, speaker.connection, real.ms);
      if (held === undefined) {
        // Of a connection before, nobody asks for it again, whether it is remembered that the session was the same or not.
        if (!old) assert.equal(real.sessions.hasReceived(speaker, id, real.ms), false);
        real.sessions.receive(speaker, id, { logMs: real.ms, sinks: real.sinks });
        return;
      }
      // What a connection before the session's said comes too late: it was never acknowledged, and its client sends it again.
      if (speaker.connection < real.speaker(session, false).connection) {
        assert.equal(real.sessions.hasReceived(speaker, id, real.ms), true, `${id} of a connection before of ${session}`);
        return;
      }
      // Method B of §4.3.3: delivered when it comes, unless its identifier is in use.
      const isNew = !held.unreleased.has(id);
      held.unreleased.add(id);
      assert.equal(real.sessions.hasReceived(speaker, id, real.ms), !isNew, `identifier ${id} of ${session}`);
      if (isNew) real.sessions.receive(speaker, id, { logMs: real.ms, sinks: real.sinks });
    }),
  );
const releases = fc.record({ session: client, late, id: fc.integer({ min: 1, max: 3 }) }).map(({ id, late: isLate, session }) =>
  command(`release ${session} ${id}`, isLate, (model, real) => {
    const speaker = real.speaker(session, false);
    const held = model.held(session, speaker.connection, real.ms);
    if (held === undefined) return;
    held.unreleased.delete(id);
    real.sessions.change(speaker, { ...NO_CHANGE, released: [id] }, { logMs: real.ms, sinks: real.sinks });
  }),
);
const edgeEnds = fc.record({ edge: fc.integer({ min: 1, max: 2 }), drained: fc.boolean() }).map(({ drained, edge }) =>
  command(`edge ${edge} is gone${drained ? ', drained' : ''}`, false, (model, real) => {
    model.edgeGone(edge, real.ms, drained);
    real.sessions.loseEdge(edge, { drained, place: real.place, logMs: real.ms });
  }),
);
const passes = fc.record({ ms: fc.constantFrom(1, 900, 3_000, 9_999, 12_000, 70_000), late }).map(({ late: isLate, ms }) =>
  command(`${ms} ms pass`, isLate, (_model, real) => {
    real.ms += ms;
  }),
);
const restarts = fc.constant(command('restart', false, (_model, real) => real.restart()));

test('sessions are what a naive broker makes of the clauses', () => {
  const all = [connects, connects, disconnects, subscribes, publishes, releases, edgeEnds, passes, passes, restarts];
  fc.assert(
    fc.property(fc.commands(all, { maxCommands: 60, size: 'max' }), (commands) => {
      const real = new Real();
      const model = new NaiveBroker();
      fc.modelRun(() => ({ model, real }), commands);
      real.ms += 10_000_000;
      real.fire();
      model.pass(real.ms);
      compare(model, real, false);
      assert.equal(new Set(real.wills.map((line) => line.split(' ').slice(0, 2).join(' '))).size, real.wills.length, 'each will once');
      for (const [number, states] of real.told) {
        assert.ok(states.join() === 'connected' || states.join() === 'connected,disconnected', `connection ${number}: ${states.join()}`);
      }
    }),
    { numRuns: 400 },
  );
});
