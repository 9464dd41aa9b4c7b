/** Subscriptions that the log takes or not: when it has said all, what holds is what it knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Subscribed, Subscriber } from '../../../ingest/broker/subscriber.ts';
import { UnsaidSubscriptions, type Subscribable } from '../../../ingest/mqtt/unsaid-subscriptions.ts';

const NOBODY: Subscriber = { session: 'a:x', take: () => undefined };

function session(): Subscribable & { readonly held: Map<string, Subscribed> } {
  const held = new Map<string, Subscribed>();
  return {
    held,
    of: (filter) => held.get(filter),
    subscribe: ({ filter, noLocal, qos, retainAsPublished }, id) => {
      const subscribed = { subscriber: NOBODY, filter, qos, noLocal, retainAsPublished, id, since: [] };
      held.set(filter, subscribed);
      return subscribed;
    },
    unsubscribe: (filter) => held.delete(filter),
  };
}

test('after any SUBSCRIBEs and UNSUBSCRIBEs, of which the log takes some', () => {
  const filter = fc.constantFrom('x', 'y');
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant('subscribe' as const), filter, isTaken: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('unsubscribe' as const), filter }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('say' as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const live = session();
      const unsaid = new UnsaidSubscriptions(live);
      const log = new Map<string, number>();
      // In the order in which they were said.
      const onTheWay: (() => void)[] = [];
      for (const [n, one] of steps.entries()) {
        if (one.op === 'say') onTheWay.shift()?.();
        else if (one.op === 'unsubscribe') {
          unsaid.forget(one.filter);
          live.unsubscribe(one.filter);
          onTheWay.push(() => void log.delete(one.filter));
        } else {
          const expected = unsaid.expect(one.filter);
          const asked = { filter: one.filter, qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 };
          const subscribed = live.subscribe(asked, n + 1);
          onTheWay.push(() => {
            if (one.isTaken) log.set(one.filter, n + 1);
            unsaid.said(expected, subscribed, one.isTaken);
          });
        }
      }
      for (const say of onTheWay) say();
      for (const name of ['x', 'y']) assert.equal(live.held.get(name)?.id, log.get(name));
    }),
    { numRuns: 500 },
  );
});
