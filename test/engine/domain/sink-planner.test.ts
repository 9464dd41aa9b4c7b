/** The planner step by step: what it does next in each situation, told as given, when, then. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, evolve, initialPlan } from '../../../engine/domain/sink-planner.ts';
import type { SinkAction, SinkBatch, SinkInput, SinkPhase, SinkPlan, TableCount } from '../../../engine/domain/sink-plan.ts';
import { INITIAL_SINK_STATE, type Intent, type SinkState, TABLE_GENERATION } from '../../../engine/domain/sink-state.ts';

const INTENT: Intent = {
  to: 14,
  tables: [
    { table: 'events', rows: 3, digest: 33n, generation: TABLE_GENERATION },
    { table: 'decisions', rows: 1, digest: 7n, generation: TABLE_GENERATION },
  ],
  fromLogSeq: 100,
  toLogSeq: 104,
};
const OPEN: SinkState = { hwm: 10, hwmLogSeq: 99, intent: INTENT };
const ALL: readonly TableCount[] = [
  { table: 'events', rows: 3, digest: 33n },
  { table: 'decisions', rows: 1, digest: 7n },
];
const EVENTS_ONLY = ALL.slice(0, 1);

interface Told {
  readonly plan: SinkPlan;
  readonly actions: readonly SinkAction[];
}

/** What the planner does about the last of these inputs, and where that leaves it. */
function given(...inputs: readonly SinkInput[]): Told {
  let plan = initialPlan('me');
  let actions: SinkAction[] = [];
  for (const input of inputs) {
    actions = [];
    plan = evolve(plan, input);
    for (let next = decide(plan); next.length > 0; next = decide(plan)) {
      for (const action of next) {
        plan = evolve(plan, action);
        actions.push(action);
      }
    }
  }
  return { plan, actions };
}

const attached = (partition: number, sink: SinkState = INITIAL_SINK_STATE, epoch = 20): SinkInput => ({
  kind: 'attached',
  partition,
  epoch,
  sink,
  previousInstances: ['old'],
});
const fenced = (...partitions: readonly number[]): SinkInput => ({
  kind: 'fenced',
  claims: partitions.map((partition) => ({ partition, epoch: 20 })),
});
const asked = (partition: number, counts: readonly TableCount[] = [], maxLogSeq = 0): SinkInput => ({
  kind: 'asked',
  partition,
  epoch: 20,
  maxLogSeq,
  counts,
});
const batch = (partition: number, facts: Partial<SinkBatch> = {}): SinkBatch => ({
  partition,
  epoch: 20,
  from: 1,
  to: 5,
  tables: [{ table: 'events', rows: 2, digest: 9n, generation: TABLE_GENERATION }],
  fromLogSeq: 1,
  toLogSeq: 3,
  logDay: 1,
  ...facts,
});
const flush = (...batches: readonly SinkBatch[]): SinkInput => ({ kind: 'flush', batches });
const committed = (partition: number, epoch = 20): SinkInput => ({ kind: 'committed', partition, epoch });
const armed = (...partitions: readonly number[]): readonly SinkInput[] => {
  const [first, ...rest] = partitions;
  // The first one's fence is under way before the others come.
  const claims = rest.map((partition) => ({ partition, epoch: 20 }));
  return [
    ...partitions.map((p) => attached(p)),
    fenced(first ?? 0),
    ...(rest.length > 0 ? [{ kind: 'fenced', claims } as const] : []),
    ...partitions.map((p) => asked(p)),
  ];
};
const phase = (told: Told, partition: number): SinkPhase | undefined => told.plan.partitions.find((p) => p.partition === partition)?.phase;
const kinds = (told: Told): readonly string[] => told.actions.map((action) => action.kind);

describe('after a claim', () => {
  it('is fenced before anything else, with everybody who may still be writing', () => {
    assert.deepEqual(given(attached(1)).actions, [{ kind: 'fence', claims: [{ partition: 1, epoch: 20 }], instances: ['old'] }]);
  });
  it('waits with further fences until the one under way is done, and does the rest together', () => {
    const told = given(attached(1), attached(2), attached(3), fenced(1));
    assert.deepEqual(
      told.actions.filter((a) => a.kind === 'fence'),
      [
        {
          kind: 'fence',
          claims: [
            { partition: 2, epoch: 20 },
            { partition: 3, epoch: 20 },
          ],
          instances: ['old'],
        },
      ],
    );
  });
  it('fences again, but only when it is told to, after a fence that failed', () => {
    const failed: SinkInput = { kind: 'fence-failed', claims: [{ partition: 1, epoch: 20 }] };
    assert.deepEqual(given(attached(1), failed).actions, []);
    assert.deepEqual(kinds(given(attached(1), failed, { kind: 'retry' })), ['fence']);
  });
  it('is asked for its end, and armed when ClickHouse has nothing beyond', () => {
    assert.deepEqual(given(attached(1), fenced(1)).actions, [{ kind: 'ask', partition: 1, epoch: 20, intent: undefined }]);
    assert.equal(phase(given(...armed(1)), 1), 'armed');
  });
  it('is asked again after a question that failed', () => {
    const failed: SinkInput = { kind: 'ask-failed', partition: 1, epoch: 20 };
    assert.deepEqual(kinds(given(attached(1), fenced(1), failed)), []);
    assert.deepEqual(kinds(given(attached(1), fenced(1), failed, { kind: 'retry' })), ['ask']);
  });
  it('ignores what concerns an epoch that is over', () => {
    const told = given(attached(1), { kind: 'fenced', claims: [{ partition: 1, epoch: 19 }] });
    assert.equal(phase(told, 1), 'fencing');
  });
  it('starts over when it is claimed again', () => {
    assert.equal(phase(given(...armed(1), attached(1, OPEN, 30)), 1), 'fencing');
  });
});

describe('an open intent that a former owner left', () => {
  const until = (answer: SinkInput): readonly SinkInput[] => [attached(1, OPEN), fenced(1), answer];
  it('is asked for', () => {
    assert.deepEqual(given(attached(1, OPEN), fenced(1)).actions, [{ kind: 'ask', partition: 1, epoch: 20, intent: INTENT }]);
  });
  it('is done when all its rows are there', () => {
    const told = given(...until(asked(1, ALL)));
    const [p] = told.plan.partitions;
    assert.deepEqual([p?.phase, p?.hwm, p?.hwmLogSeq, p?.unwritten, p?.intent], ['armed', 14, 104, true, undefined]);
    assert.deepEqual(told.actions, []);
  });
  it('is built again and sent alone when none are', () => {
    assert.deepEqual(given(...until(asked(1))).actions, [{ kind: 'rebuild', partition: 1, epoch: 20, from: 11, to: 14 }]);
    const rebuilt: SinkInput = { kind: 'rebuilt', partition: 1, epoch: 20, tables: INTENT.tables };
    assert.deepEqual(given(...until(asked(1)), rebuilt).actions, [
      { kind: 'insert', table: 'events', tables: ['events', 'decisions'], parts: [{ partition: 1, epoch: 20 }] },
    ]);
  });
  it('is sent only to the table that lacks its rows', () => {
    const rebuilt: SinkInput = { kind: 'rebuilt', partition: 1, epoch: 20, tables: INTENT.tables };
    assert.deepEqual(given(...until(asked(1, EVENTS_ONLY)), rebuilt).actions, [
      { kind: 'insert', table: 'decisions', tables: ['decisions'], parts: [{ partition: 1, epoch: 20 }] },
    ]);
  });
  it('is built again when building failed and it is told to retry', () => {
    const failed: SinkInput = { kind: 'rebuild-failed', partition: 1, epoch: 20 };
    assert.deepEqual(kinds(given(...until(asked(1)), failed)), []);
    assert.deepEqual(kinds(given(...until(asked(1)), failed, { kind: 'retry' })), ['rebuild']);
  });
  const wrong: readonly (readonly [string, SinkInput, readonly SinkInput[], string])[] = [
    ['some of its rows are there', asked(1, [{ table: 'events', rows: 2, digest: 22n }]), [], 'count-differs'],
    ['other rows are there', asked(1, [{ table: 'events', rows: 3, digest: 34n }]), [], 'count-differs'],
    ['the rows built again are others', asked(1), [{ kind: 'rebuilt', partition: 1, epoch: 20, tables: [] }], 'rows-differ'],
    ['rows are there from beyond its end', asked(1, ALL, 105), [], 'lost-end'],
  ];
  for (const [what, answer, more, why] of wrong) {
    it(`raises an alarm when ${what}, but only once the control log has confirmed who owns the partition`, () => {
      const told = given(...until(answer), ...more);
      assert.deepEqual(told.actions, [{ kind: 'commit', partition: 1, epoch: 20, sink: OPEN }]);
      const sure = given(...until(answer), ...more, committed(1));
      assert.deepEqual(
        sure.actions.map((action) => action.kind === 'stop' && action.why),
        [why],
      );
      assert.deepEqual(sure.plan.partitions, []);
      assert.deepEqual(kinds(given(...until(answer), ...more, { kind: 'commit-refused', partition: 1, epoch: 20 })), ['drop']);
    });
  }
  it('raises an alarm when its rows belong to another generation of the table', () => {
    const other = { ...OPEN, intent: { ...INTENT, tables: INTENT.tables.map((table) => ({ ...table, generation: 9 })) } };
    const told = given(attached(1, other), fenced(1), asked(1), committed(1));
    assert.deepEqual(
      told.actions.map((action) => action.kind === 'stop' && action.why),
      ['rows-differ'],
    );
  });
});

describe('a block', () => {
  const intents = (...partitions: readonly number[]): readonly SinkInput[] => [
    ...armed(...partitions),
    flush(...partitions.map((p) => batch(p))),
  ];
  it('begins with an intent of every partition that has rows', () => {
    const told = given(...armed(1, 2), flush(batch(1), batch(2)));
    const intent = { to: 5, tables: batch(1).tables, fromLogSeq: 1, toLogSeq: 3 };
    assert.deepEqual(
      told.actions,
      [1, 2].map((partition) => ({ kind: 'commit', partition, epoch: 20, sink: { hwm: 0, hwmLogSeq: 0, intent } })),
    );
  });
  it('takes no rows that leave a gap, and none without rows', () => {
    assert.deepEqual(given(...armed(1), flush(batch(1, { from: 2 }))).actions, []);
    assert.deepEqual(given(...armed(1), flush(batch(1, { tables: [] }))).actions, []);
  });
  it('leaves when the last intent is committed, with all of them', () => {
    assert.deepEqual(kinds(given(...intents(1, 2), committed(1))), []);
    assert.deepEqual(given(...intents(1, 2), committed(1), committed(2)).actions, [
      {
        kind: 'insert',
        table: 'events',
        tables: ['events'],
        parts: [
          { partition: 1, epoch: 20 },
          { partition: 2, epoch: 20 },
        ],
      },
    ]);
  });
  it('leaves without those whose intents are still on their way when it is told to depart', () => {
    const told = given(...intents(1, 2), committed(1), { kind: 'depart' });
    assert.deepEqual(
      told.actions.map((action) => action.kind === 'insert' && action.parts),
      [[{ partition: 1, epoch: 20 }]],
    );
    assert.equal(phase(given(...intents(1, 2), committed(1), { kind: 'depart' }, committed(2)), 2), 'intended');
    const next = given(...intents(1, 2), committed(1), { kind: 'depart' }, committed(2), { kind: 'inserted' });
    assert.deepEqual(
      next.actions.map((action) => action.kind === 'insert' && action.parts),
      [[{ partition: 2, epoch: 20 }]],
    );
  });
  it('leaves without a partition that was lost', () => {
    const told = given(...intents(1, 2), committed(1), { kind: 'commit-refused', partition: 2, epoch: 20 });
    assert.deepEqual(kinds(told), ['drop', 'insert']);
  });
  it('holds rows of one log day, the older first', () => {
    const told = given(...armed(1, 2), flush(batch(1, { logDay: 8 }), batch(2, { logDay: 7 })), committed(1), committed(2));
    assert.deepEqual(
      told.actions.map((action) => action.kind === 'insert' && action.parts),
      [[{ partition: 2, epoch: 20 }]],
    );
  });
  it('writes one table after the other, and settles with the last', () => {
    const both = batch(1, { tables: INTENT.tables });
    const sent = [...armed(1), flush(both), committed(1)];
    assert.deepEqual(given(...sent, { kind: 'inserted' }).actions, [
      { kind: 'insert', table: 'decisions', tables: ['decisions'], parts: [{ partition: 1, epoch: 20 }] },
    ]);
    const [p] = given(...sent, { kind: 'inserted' }, { kind: 'inserted' }).plan.partitions;
    assert.deepEqual([p?.phase, p?.hwm, p?.unwritten], ['armed', 5, true]);
  });
  it('is one at a time: nothing is flushed while one is under way', () => {
    assert.deepEqual(given(...armed(1, 2), flush(batch(1)), committed(1), flush(batch(2))).actions, []);
  });
  it('is sent again as it is when it certainly was not written, after a pause', () => {
    const failed: SinkInput = { kind: 'insert-failed', why: 'unavailable' };
    assert.deepEqual(kinds(given(...intents(1), committed(1), failed)), []);
    assert.deepEqual(kinds(given(...intents(1), committed(1), failed, { kind: 'retry' })), ['insert']);
  });
  it('is forgotten when the last of its partitions is detached while it waits', () => {
    const told = given(...intents(1), committed(1), { kind: 'insert-failed', why: 'unavailable' }, { kind: 'detached', partition: 1 });
    assert.equal(told.plan.block, undefined);
  });
  for (const why of ['unknown', 'stale'] as const) {
    it(`makes each of its partitions claim anew when the result is ${why}, and then fence itself`, () => {
      const failed: SinkInput = { kind: 'insert-failed', why };
      const told = given(...intents(1, 2), committed(1), committed(2), failed);
      assert.deepEqual(
        told.actions,
        [1, 2].map((partition) => ({ kind: 'reclaim', partition, epoch: 20 })),
      );
      const reclaimed: SinkInput = { kind: 'reclaimed', partition: 1, epoch: 20, newEpoch: 31 };
      const refused: SinkInput = { kind: 'reclaim-refused', partition: 2, epoch: 20 };
      const later = given(...intents(1, 2), committed(1), committed(2), failed, reclaimed, refused);
      assert.deepEqual(kinds(later), ['drop']);
      const fence = given(...intents(1, 2), committed(1), committed(2), failed, reclaimed, refused, { kind: 'retry' });
      assert.deepEqual(fence.actions, [{ kind: 'fence', claims: [{ partition: 1, epoch: 31 }], instances: ['me'] }]);
    });
  }
  it('ignores an answer to nothing', () => {
    assert.deepEqual(given(...armed(1), { kind: 'inserted' }).plan, given(...armed(1)).plan);
    assert.deepEqual(given(...armed(1), { kind: 'insert-failed', why: 'unknown' }).plan, given(...armed(1)).plan);
  });
});

describe('a moved high-water mark', () => {
  const settled: readonly SinkInput[] = [...armed(1), flush(batch(1)), committed(1), { kind: 'inserted' }];
  it('goes with the next intent', () => {
    const next = given(...settled, flush(batch(1, { from: 6, to: 8, fromLogSeq: 4, toLogSeq: 6 })));
    assert.deepEqual(
      next.actions.map((action) => action.kind === 'commit' && [action.sink.hwm, action.sink.hwmLogSeq, action.sink.intent?.to]),
      [[5, 3, 8]],
    );
  });
  it('is written alone when the partition is told to close', () => {
    const told = given(...settled, { kind: 'close', partitions: [1] });
    assert.deepEqual(told.actions, [{ kind: 'commit', partition: 1, epoch: 20, sink: { hwm: 5, hwmLogSeq: 3, intent: undefined } }]);
    const [p] = given(...settled, { kind: 'close', partitions: [1] }, committed(1)).plan.partitions;
    assert.deepEqual([p?.phase, p?.unwritten], ['armed', false]);
  });
  it('is written once', () => {
    assert.deepEqual(given(...settled, { kind: 'close', partitions: [1] }, committed(1), { kind: 'close', partitions: [1] }).actions, []);
    assert.deepEqual(given(...settled, { kind: 'close', partitions: [2] }).actions, []);
  });
});
