/** The state machine of a session: each cell of its table, and the invariants by their numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLAPPING_CONNECTS, FLAPPING_MS } from '../../../engine/domain/presence-news.ts';
import {
  type Arrival,
  connect,
  disconnect,
  dueMsOf,
  EDGE_GRACE_MS,
  fire,
  INPUTS,
  type Input,
  isFlapping,
  loseEdge,
  type Phase,
  phaseOf,
  PHASES,
  type SessionNews,
  type Step,
  STEPS,
} from '../../../engine/domain/session.ts';
import { EXPIRY_NEVER_S, type Session } from '../../../engine/domain/session-state.ts';
import { must, unreachable } from '../../../engine/kernel/assert.ts';
import type { Connected, Will } from '../../../schemas/gen/lean.ts';

const T = 1_000_000;
const WILL: Will = { topic: 'gone', payload: Uint8Array.of(1), flags: 1, properties: new Uint8Array(0), delayS: 30 };

interface Said extends Partial<Connected> {
  readonly device?: string;
  readonly edgeEpoch?: number;
}

/** Tells what was told, and by which input it was. */
class World {
  session: Session | undefined;
  told: string[] = [];
  #place = 0;
  readonly #sink = {
    tell: (_session: Session, news: SessionNews): void => {
      const more = news.state === 'disconnected' ? ` ${news.why}` : '';
      this.told.push(`${news.state} ${news.connection} at ${news.ms - T}${more}`);
    },
    send: (_session: Session, will: Will, { cause, ms }: { readonly ms: number; readonly cause: number }): void => {
      this.told.push(`sent ${will.topic} at ${ms - T} by ${cause}`);
    },
  };

  connect(atMs: number, said: Said = {}): void {
    const { device = 'dev', edgeEpoch = 1, ...more } = said;
    this.#place += 1;
    const arrival: Arrival = {
      tenant: 't',
      session: 'd:dev',
      device,
      gateway: '',
      via: 1,
      place: this.#place,
      logMs: T + atMs,
      edgeEpoch,
      edge: 'edge-1',
      said: { cleanStart: false, expiryS: 60, keepAliveS: 30, level: 5, address: '', will: WILL, edgeConnection: 3, ...more },
    };
    this.session = connect(this.session, arrival, this.#sink);
  }

  disconnect(atMs: number, sendWill: boolean, expiryS?: number): void {
    this.#place += 1;
    const said = { reason: 0, why: sendWill ? 'closed' : 'client', sendWill, expiryS };
    if (this.session !== undefined) disconnect(this.session, { said, place: this.#place, logMs: T + atMs }, this.#sink);
  }

  gone(atMs: number, drained = false): void {
    this.#place += 1;
    if (this.session !== undefined) loseEdge(this.session, { drained, place: this.#place, logMs: T + atMs });
  }

  fire(): void {
    if (this.session !== undefined) fire(this.session, this.#sink);
  }

  /** What was told since the last time. */
  heard(): readonly string[] {
    return this.told.splice(0);
  }

  get dueMs(): number {
    return dueMsOf(must(this.session, 'session')) - T;
  }
}

/** A session in each phase, 60 s to live, with a will of 30 s. */
function given(phase: Phase): World {
  const world = new World();
  if (phase !== 'none') world.connect(0);
  if (phase === 'orphaned') world.gone(1);
  if (phase === 'will-pending') world.disconnect(1, true);
  if (phase === 'offline') world.disconnect(1, false);
  if (phase === 'ended') world.disconnect(1, false, 0);
  assert.equal(phaseOf(world.session), phase);
  world.heard();
  return world;
}

function when(world: World, input: Input): void {
  switch (input) {
    case 'connect':
    case 'connect-clean':
      world.connect(1_000, { cleanStart: input === 'connect-clean' });
      return;
    case 'disconnect':
    case 'disconnect-with-will':
      world.disconnect(1_000, input === 'disconnect-with-will');
      return;
    case 'edge-gone':
    case 'edge-drained':
      world.gone(1_000, input === 'edge-drained');
      return;
    case 'due':
      if (Number.isFinite(world.dueMs)) world.fire();
      return;
    default:
      unreachable(input, 'input');
  }
}

/** The phase afterwards, and what was told, short of times. */
const EXPECTED: Readonly<Record<Step, { readonly to?: Phase; readonly told: readonly string[] }>> = {
  ignore: { told: [] },
  begin: { to: 'connected', told: ['connected'] },
  resume: { to: 'connected', told: ['connected'] },
  'take-over': { to: 'connected', told: ['disconnected', 'connected'] },
  replace: { to: 'connected', told: ['disconnected', 'sent', 'will', 'connected'] },
  leave: { to: 'offline', told: ['disconnected'] },
  'leave-with-will': { to: 'will-pending', told: ['disconnected'] },
  orphan: { to: 'orphaned', told: [] },
  drain: { to: 'orphaned', told: [] },
  lose: { to: 'will-pending', told: ['disconnected'] },
  'send-will': { to: 'offline', told: ['sent', 'will'] },
  end: { to: 'ended', told: [] },
};

describe('every input in every phase', () => {
  for (const phase of PHASES)
    for (const input of INPUTS) {
      const step = STEPS[phase][input];
      it(`${phase}, ${input}: ${step}`, () => {
        const world = given(phase);
        if (world.session !== undefined || input !== 'due') when(world, input);
        const { to = phase, told } = EXPECTED[step];
        assert.equal(phaseOf(world.session), to);
        const heard = world.heard().map((line) => line.split(' ')[0]);
        // Who was away already is not heard of again.
        assert.deepEqual(heard, phase === 'will-pending' ? told.filter((word) => word !== 'disconnected') : told);
        if (step === 'begin' || step === 'replace') assert.equal(world.session?.resumed, false);
        if (step === 'resume' || step === 'take-over') assert.equal(world.session?.resumed, true);
      });
    }
});

describe('the invariants', () => {
  it('S1: a will is sent once, after its delay; one that the client called off never is', () => {
    const world = new World();
    world.connect(0);
    world.disconnect(5_000, true);
    assert.deepEqual([world.heard(), world.dueMs], [['connected 1 at 0', 'disconnected 1 at 5000 closed'], 35_000]);
    world.fire();
    assert.deepEqual(world.heard(), ['sent gone at 35000 by 2', 'will 1 at 35000']);
    assert.equal(world.dueMs, 65_000, 'then the session ends');
    world.connect(40_000);
    world.disconnect(41_000, false);
    world.fire();
    assert.deepEqual(world.heard(), ['connected 3 at 40000', 'disconnected 3 at 41000 client']);
  });

  it('S2: it is not sent when the session goes on in time, is at a takeover without a delay, and never outlasts the session', () => {
    const world = new World();
    world.connect(0);
    world.disconnect(1, true);
    world.connect(29_000, { will: { ...WILL, delayS: 0 } });
    world.heard();
    world.connect(29_500, { edgeEpoch: 2, will: { ...WILL, delayS: 3_600 } });
    assert.deepEqual(world.heard(), [
      'disconnected 3 at 29500 taken-over',
      'sent gone at 29500 by 4',
      'will 3 at 29500',
      'connected 4 at 29500',
    ]);
    world.connect(29_600, { will: { ...WILL, delayS: 3_600 } });
    assert.deepEqual(world.heard(), ['disconnected 4 at 29600 taken-over', 'connected 5 at 29600']);
    world.disconnect(30_000, true);
    assert.equal(world.dueMs, 90_000, 'with the session, long before its delay');
    world.fire();
    assert.deepEqual([world.heard().slice(1), phaseOf(world.session)], [['sent gone at 90000 by 6', 'will 5 at 90000'], 'offline']);
    assert.equal(world.dueMs, 90_000);
  });

  it('S3: who takes over knows whom to ask', () => {
    const world = new World();
    world.connect(0, { edgeEpoch: 7 });
    world.connect(1, { edgeEpoch: 8 });
    assert.deepEqual([world.session?.previousConnection, world.session?.previousEdgeEpoch, world.session?.firstConnection], [1, 7, 1]);
    world.disconnect(2, false);
    world.connect(3);
    assert.deepEqual([world.session?.previousConnection, world.session?.previousEdgeEpoch], [0, 0], 'it had said its last word');
    world.connect(4, { cleanStart: true });
    assert.deepEqual([world.session?.previousConnection, world.session?.firstConnection, world.session?.resumed], [4, 5, false]);
  });

  it('S4: a session that ends with its connection is not resumed, not even by who takes over, and its will goes at once', () => {
    const world = new World();
    world.connect(0, { expiryS: 0 });
    world.session?.received.add(1);
    world.connect(5);
    assert.deepEqual(world.heard(), [
      'connected 1 at 0',
      'disconnected 1 at 5 taken-over',
      'sent gone at 5 by 2',
      'will 1 at 5',
      'connected 2 at 5',
    ]);
    assert.deepEqual([world.session?.resumed, world.session?.received.size], [false, 0]);
    world.connect(6, { expiryS: 0 });
    world.disconnect(7, true, 60);
    assert.equal(world.dueMs, 7, 'and stays one: the last word may not change it');
    world.fire();
    assert.equal(phaseOf(world.session), 'ended');
  });

  it('S5: one that is away ends when its expiry is over, or never', () => {
    const world = given('offline');
    assert.equal(world.dueMs, 60_001);
    world.connect(2, { expiryS: EXPIRY_NEVER_S });
    world.disconnect(3, false);
    assert.equal(world.dueMs, Infinity);
    world.connect(4, { expiryS: EXPIRY_NEVER_S });
    world.disconnect(5, true);
    assert.equal(world.dueMs, 30_005);
  });

  it('S6, S7: connections of an edge that is gone ended when its grace was over; of one that drained at once, without a will', () => {
    const world = given('orphaned');
    world.gone(500);
    assert.equal(world.dueMs, 1 + EDGE_GRACE_MS, 'from the first time on');
    world.fire();
    assert.deepEqual(world.heard(), [`disconnected 1 at ${1 + EDGE_GRACE_MS} edge-gone`]);
    assert.equal(world.dueMs, 1 + EDGE_GRACE_MS + 30_000);
    world.fire();
    assert.deepEqual(world.heard(), [`sent gone at ${1 + EDGE_GRACE_MS + 30_000} by 2`, `will 1 at ${1 + EDGE_GRACE_MS + 30_000}`]);
    const drained = given('connected');
    drained.gone(9, true);
    assert.equal(drained.dueMs, 9);
    drained.fire();
    assert.deepEqual([drained.heard(), phaseOf(drained.session)], [['disconnected 1 at 9 draining'], 'offline']);
  });
});

describe('a device that connects again and again', () => {
  const connects = (world: World, count: number, at: { readonly fromMs: number; readonly everyMs: number }): void => {
    for (let i = 0; i < count; i++) world.connect(at.fromMs + i * at.everyMs, { expiryS: 0, will: undefined });
  };
  const states = (world: World): readonly string[] => world.heard().filter((line) => /flapping|calm/.test(line));

  it('flaps beyond so many connects a minute, is told so once, and is calm again after a minute without one', () => {
    const world = new World();
    connects(world, FLAPPING_CONNECTS, { fromMs: 0, everyMs: 100 });
    assert.deepEqual(states(world), []);
    connects(world, 30, { fromMs: 10_000, everyMs: 1_000 });
    assert.deepEqual(states(world), [`flapping ${FLAPPING_CONNECTS + 1} at 10000`]);
    world.connect(39_000 + FLAPPING_MS);
    assert.deepEqual([states(world), world.session !== undefined && isFlapping(world.session)], [[], true]);
    world.connect(39_001 + FLAPPING_MS * 2);
    assert.equal(states(world).length, 1);
    assert.equal(world.session !== undefined && isFlapping(world.session), false);
  });

  it('does not flap at a connect every four seconds, however long', () => {
    const world = new World();
    connects(world, 200, { fromMs: 0, everyMs: FLAPPING_MS / FLAPPING_CONNECTS });
    assert.deepEqual(states(world), []);
  });

  it('is not watched where it is an application', () => {
    const world = new World();
    for (let i = 0; i < 40; i++) world.connect(i, { device: '' });
    assert.deepEqual([states(world), world.session?.recentConnectsMs], [[], []]);
  });
});
