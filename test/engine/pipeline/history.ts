/** Random histories of a partition's log, and a second, plain statement of what they fold to. */
import fc from 'fast-check';
import { encodeQuotaAsk, NOTHING, QUOTA_DEVICE } from '../../../engine/domain/quota-lease.ts';
import { EXPIRY_NEVER_S } from '../../../engine/domain/session-state.ts';
import { placeOf } from '../../../engine/kernel/position.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { encodeConnected, encodeDisconnected, encodeEdgeGone, encodeSessionChange } from '../../../schemas/gen/lean.ts';
import type { EventInit } from '../../../schemas/gen/lean.ts';
import type { Killer } from '../../../workers/protocol.ts';
import { batchOf, factEvent, jsonEvent, metricsOf, protoEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';

export const START_MS = 20_700 * 86_400_000 + 86_000_000;

export interface History {
  readonly messages: readonly TestMessage[];
  readonly killers: readonly Killer[];
}

const name = fc.constantFrom('t', 'h', 'on', 'fw', 'deep.er', 'é', 'long-name-of-a-metric');
const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.boolean(),
  fc.constantFrom('', 'a', 'b"c', 'x'.repeat(100), '😀', 'y'.repeat(9000)),
);
const values = fc.dictionary(name, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
const device = fc.constantFrom('d1', 'd2', 'd3');

interface Draft {
  readonly device: string;
  readonly values: Record<string, number | boolean | string>;
  readonly proto: boolean;
  readonly backfill: boolean;
  readonly ts: number | null;
  readonly seq: number | null;
  readonly boot: number | null;
  readonly id: string | null;
}

function eventOf(draft: Draft): EventInit {
  const { ts, seq, boot, id, backfill } = draft;
  const head = {
    ...(ts === null ? {} : { ts: START_MS + ts }),
    ...(seq === null ? {} : { seq }),
    ...(boot === null ? {} : { boot }),
    ...(id === null ? {} : { id }),
  };
  const more = backfill ? { backfill } : {};
  return draft.proto
    ? protoEvent(draft.device, { ...head, metrics: metricsOf(draft.values) }, more)
    : jsonEvent(draft.device, { ...head, metrics: draft.values }, more);
}

const telemetry = fc
  .record({
    device,
    values,
    proto: fc.boolean(),
    backfill: fc.boolean().map((yes) => yes),
    ts: fc.option(fc.oneof(fc.integer({ min: -5000, max: 5000 }), fc.constantFrom(-40 * 86_400_000, 2 * 86_400_000))),
    seq: fc.option(fc.nat(90)),
    boot: fc.option(fc.nat(3)),
    id: fc.option(fc.constantFrom('i1', 'i2', 'i3', '😀')),
  })
  .map(eventOf);
const odd: fc.Arbitrary<EventInit> = fc.oneof(
  fc
    .constantFrom('{', '{}', '{"a":[1]}', '{"ts":5,"metrics":{"a":1}}', '{"a":12345678901234567890}')
    .chain((text) => device.map((d) => jsonEvent(d, text))),
  device.map((d): EventInit => ({ tenant: 't', device: d, kind: KIND.erased })),
  fc.constantFrom<EventInit>(
    { kind: KIND.tick },
    { tenant: 't', device: 'd1', kind: 50 },
    { tenant: 't', device: 'no good', kind: KIND.telemetry },
  ),
);
/** In any order of their sequences, and twice. */
const fact: fc.Arbitrary<EventInit> = fc
  .record({
    device,
    seq: fc.integer({ min: 1, max: 12 }),
    state: fc.constantFrom('registered', 'active', 'active', 'disabled', 'decommissioned', 'deleted', 'gone'),
    actor: fc.constantFrom('tfa', ''),
  })
  .map(({ actor, device: id, ...said }) => factEvent(id, said, { actor }));
const ask = fc
  .record({ edge: fc.integer({ min: 1, max: 2 }), n: fc.integer({ min: 1, max: 6 }), want: fc.nat(40), refused: fc.nat(5) })
  .map(({ edge, n, refused, want }): EventInit => {
    const limits = { messages: '10/s burst 40', perDay: { messages: 100 } };
    const text = encodeQuotaAsk({
      scope: 'tenant',
      edge,
      n,
      rev: 1,
      limits,
      want: [want, 0, 0],
      back: NOTHING,
      backDay: 0,
      spent: NOTHING,
      refused,
    });
    return jsonEvent(QUOTA_DEVICE, text, { kind: KIND.quotaLease });
  });
const session: fc.Arbitrary<EventInit> = fc.oneof(
  device.chain((d) => fc.constantFrom(`d:${d}`, `d:${d}:x`).map((client) => ({ tenant: 't', device: d, session: client }))),
  fc.constantFrom('a:app', 'a:é').map((client) => ({ tenant: 't', session: client })),
);
const seconds = fc.constantFrom(0, 0, 1, 30, 86_400, EXPIRY_NEVER_S);
const packetId = fc.integer({ min: 1, max: 3 });
const will = fc.option(
  fc.record({
    topic: fc.constantFrom('gone', 'a/b'),
    payload: fc.uint8Array({ maxLength: 4 }),
    delayS: seconds,
    expiryS: fc.constantFrom(undefined, 5),
  }),
  { nil: undefined },
);
const change = fc.record({
  subscribed: fc.array(fc.record({ filter: fc.constantFrom('a', 'b/#', '+/c'), qos: fc.nat(2) }), { maxLength: 2 }),
  unsubscribed: fc.array(fc.constantFrom('a', 'b/#'), { maxLength: 1 }),
  released: fc.array(packetId, { maxLength: 2 }),
  cursor: fc.constantFrom([], [3], [7]),
  outgoing: fc.array(fc.record({ packetId, state: fc.nat(2), place: fc.integer({ min: 1, max: 9 }) }), { maxLength: 2 }),
});
const connected = fc
  .record({ cleanStart: fc.boolean(), expiryS: seconds, keepAliveS: fc.constant(60), address: fc.constantFrom('', '10.0.0.1'), will })
  .map((said) => ({ kind: KIND.connected, payload: encodeConnected(said) }));
const disconnected = fc
  .record({
    why: fc.constantFrom('client', 'closed'),
    sendWill: fc.boolean(),
    expiryS: fc.constantFrom(undefined, undefined, 0, 30),
    last: fc.option(change, { nil: undefined }),
  })
  .map((said) => ({ kind: KIND.disconnected, payload: encodeDisconnected(said) }));
/** Of any connection: most name none, and mean the one that their edge holds. */
const broker: fc.Arbitrary<EventInit> = fc
  .tuple(
    session,
    fc.oneof(
      connected,
      connected,
      disconnected,
      change.map((said) => ({ kind: KIND.session, payload: encodeSessionChange(said) })),
      fc
        .record({ packetId, topic: fc.constantFrom('a/b', 'é', 'no/+', '') })
        .map((said) => ({ kind: KIND.published, publishFlags: 2, ...said })),
    ),
    fc.constantFrom(0, 0, 0, placeOf(1, 0), placeOf(2, 0), placeOf(3, 1)),
  )
  .map(([who, said, connection]) => ({ ...who, ...said, connection, via: 1 }));
const received: fc.Arbitrary<EventInit> = fc.tuple(telemetry, packetId).map(([said, id]) => ({
  ...said,
  session: `d:${said.device ?? ''}`,
  packetId: id,
}));
const edgeGone: fc.Arbitrary<EventInit> = fc
  .record({ edgeEpoch: fc.integer({ min: 1, max: 2 }), drained: fc.boolean() })
  .map((said) => ({ kind: KIND.edgeGone, payload: encodeEdgeGone(said) }));
const event = fc.oneof(
  { weight: 8, arbitrary: telemetry },
  { weight: 7, arbitrary: broker },
  { weight: 1, arbitrary: received },
  { weight: 1, arbitrary: edgeGone },
  { weight: 1, arbitrary: odd },
  { weight: 2, arbitrary: fact },
  { weight: 1, arbitrary: ask },
);

interface Step {
  readonly events: readonly EventInit[];
  readonly writer: number;
  readonly resend: number;
  readonly aheadMs: number;
  readonly junk: boolean;
  readonly killer: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  events: fc.array(event, { maxLength: 5 }),
  writer: fc.integer({ min: 0, max: 2 }),
  // 0: a new batch; 1 and 2: this writer's last or last but one again.
  resend: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) }),
  aheadMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -50, max: 500 }) },
    { weight: 1, arbitrary: fc.constantFrom(5_000, 12_000, 31_000, 86_400_000, 8 * 86_400_000) },
  ),
  junk: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
  killer: fc.integer({ min: 0, max: 12 }).map((n) => n === 0),
});

export const history: fc.Arbitrary<History> = fc.tuple(fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat(3)).map(([steps, hole]) => {
  const messages: TestMessage[] = [];
  const killers: Killer[] = [];
  const sent = new Map<number, Uint8Array[]>();
  let timeMs = START_MS;
  // A repaired log goes on at a higher sequence.
  let seq = 0;
  for (const [i, { events, writer, resend, aheadMs, junk, killer }] of steps.entries()) {
    seq += i === hole * 5 + 3 ? 1000 : 1;
    timeMs += aheadMs;
    const batches = sent.get(writer) ?? [];
    let data = resend === 0 ? undefined : batches.at(-resend);
    if (data === undefined) {
      data = batchOf({ edgeEpoch: writer, counter: batches.length + 1, events });
      sent.set(writer, [...batches, data]);
    }
    messages.push({ seq, timeMs, data: junk ? Uint8Array.of(0xff, i) : data });
    if (killer) killers.push({ seq, index: i % 3 });
  }
  return { messages, killers };
});
