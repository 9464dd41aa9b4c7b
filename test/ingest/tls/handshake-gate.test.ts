import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GATE_LIMITS, type GateLimits, HandshakeGate, Ticket } from '../../../ingest/tls/handshake-gate.ts';

const turns = async (count = 50): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

function rig(limits: Partial<GateLimits> = {}) {
  let nowMs = 0;
  const gate = new HandshakeGate({ monotonic: () => nowMs }, { ...GATE_LIMITS, ...limits });
  const begun: string[] = [];
  const tickets: Ticket[] = [];
  const admit = (prefix: string, count = 1): string[] =>
    Array.from({ length: count }, () => {
      const admitted = gate.admit(prefix, () => void begun.push(prefix));
      if (!(admitted instanceof Ticket)) return admitted;
      tickets.push(admitted);
      return 'ok';
    });
  return { gate, begun, tickets, admit, advance: (ms: number) => void (nowMs += ms) };
}

describe('handshakes', () => {
  it('begin at once, where there is room', async () => {
    const { begun, admit, gate } = rig();
    admit('a', 10);
    await turns();
    assert.equal(begun.length, 10);
    assert.deepEqual([gate.running, gate.waiting], [10, 0]);
  });

  it('need no turn while few are under way, and none of them waits', async () => {
    const { admit, begun, gate } = rig({ idle: 6, idleOfPrefix: 3 });
    const idle = (prefix: string): Ticket | undefined => gate.admitIdle(prefix);
    const own = [idle('a'), idle('a'), idle('a')];
    assert.deepEqual([own.every((ticket) => ticket?.state === 'running'), gate.running], [true, 3]);
    assert.equal(idle('a'), undefined, 'the prefix has its share');
    assert.ok(idle('b') !== undefined);
    assert.equal(idle('b'), undefined, 'enough in one turn');
    await turns(2);
    assert.ok(idle('b') !== undefined);
    assert.ok(idle('b') !== undefined);
    assert.equal(idle('c'), undefined, 'that was all');
    const [first] = own;
    assert.ok(first !== undefined);
    gate.done(first);
    gate.done(first);
    assert.equal(gate.running, 5);
    await turns(2);
    admit('d');
    assert.equal(idle('c'), undefined, 'somebody waits');
    await turns();
    assert.deepEqual(begun, ['d']);
  });

  it('that need no turn are of the rate too', () => {
    const { advance, gate } = rig({ burst: 1, ratePerS: 1 });
    assert.ok(gate.admitIdle('a') !== undefined);
    assert.equal(gate.admitIdle('a'), undefined);
    advance(1_000);
    assert.ok(gate.admitIdle('a') !== undefined);
  });

  it('are no more at a time than the limit, and the next begins when one is done', async () => {
    const { begun, admit, gate, tickets } = rig({ running: 3 });
    admit('a', 5);
    await turns();
    assert.deepEqual([begun.length, gate.running, gate.waiting], [3, 3, 2]);
    const [first, second] = tickets;
    assert.ok(first !== undefined && second !== undefined);
    gate.done(first);
    gate.done(first);
    await turns();
    assert.deepEqual([begun.length, gate.running, gate.waiting], [4, 3, 1]);
    gate.done(second);
    await turns();
    assert.equal(begun.length, 5);
  });

  it('of a prefix that never ends them leave room for the others', async () => {
    const { begun, admit } = rig({ running: 4, runningOfPrefix: 3 });
    admit('stalled', 10);
    await turns();
    admit('other', 1);
    await turns();
    assert.deepEqual(begun, ['stalled', 'stalled', 'stalled', 'other']);
  });

  it('take turns between prefixes', async () => {
    const { begun, admit, gate, tickets } = rig({ running: 1 });
    admit('flood', 20);
    admit('one', 1);
    admit('two', 1);
    for (let i = 0; i < 4; i++) {
      await turns(3);
      for (const ticket of tickets) if (ticket.state === 'running') gate.done(ticket);
    }
    assert.ok(begun.slice(0, 4).includes('one') && begun.slice(0, 4).includes('two'), begun.join());
  });

  it('of who has gone don’t begin', async () => {
    const { begun, admit, gate, tickets } = rig({ running: 1 });
    admit('a', 3);
    await turns();
    for (const ticket of tickets.slice(1)) gate.done(ticket);
    assert.equal(gate.waiting, 0);
    gate.done(tickets[0] ?? assert.fail());
    await turns();
    assert.deepEqual([begun.length, gate.running], [1, 0]);
  });

  it('over a prefix’s rate are refused, until there is credit again; others are not', () => {
    const { admit, advance } = rig({ burst: 3, ratePerS: 2 });
    assert.deepEqual(admit('a', 4), ['ok', 'ok', 'ok', 'handshake-rate']);
    assert.deepEqual(admit('b'), ['ok']);
    advance(500);
    assert.deepEqual(admit('a', 2), ['ok', 'handshake-rate']);
  });

  it('that would wait behind too many are refused', () => {
    const { admit } = rig({ waiting: 4, waitingOfPrefix: 3 });
    assert.deepEqual(admit('a', 4), ['ok', 'ok', 'ok', 'handshakes-waiting']);
    assert.deepEqual(admit('b', 2), ['ok', 'handshakes-waiting']);
  });
});
