/**
 * Exactly once into ClickHouse, as a pure function: what one process must do next for the sink of all its partitions.
 * `evolve` says what a fact changes, `decide` what may start now; every action that starts is itself a fact for `evolve`.
 *
 * Four things keep a row from being lost or doubled, and none of them can be left out (the exhaustive search in
 * test/engine/domain takes each away and finds the violation):
 * 1. Intent: what a block will hold is in the control log before the block is sent, so whoever comes next can tell a
 *    block that was written from one that wasn't.
 * 2. Fence: after a claim, ClickHouse refuses rows of older epochs before anything is asked or sent.
 * 3. Wait: an insert that passed the fence before it was raised must have ended before ClickHouse is asked.
 * 4. New epoch after an unknown result: the block may still be on its way under the old one, so the owner claims anew,
 *    which makes it a stale block like any other.
 */
import { unreachable } from '../kernel/assert.ts';
import type {
  BlockPart,
  BlockPlan,
  PartitionPlan,
  SinkAction,
  SinkBatch,
  SinkFailure,
  SinkInput,
  SinkPhase,
  SinkPlan,
} from './sink-plan.ts';
import { type Intent, SINK_TABLES, type SinkTableName, TABLE_GENERATION, sameTables } from './sink-state.ts';

export function initialPlan(instance: string): SinkPlan {
  return { instance, partitions: [], block: undefined, waiting: false, departing: false };
}

type Fact = SinkInput | SinkAction;
type Handlers = { readonly [K in Fact['kind']]: (plan: SinkPlan, fact: Extract<Fact, { kind: K }>) => SinkPlan };

const handlers: Handlers = {
  attached: (plan, fact) => withPartition(plan, attachedPartition(fact)),
  detached: (plan, fact) => without(plan, fact.partition),
  flush: (plan, fact) => (plan.block === undefined ? fact.batches.reduce(withBatch, plan) : plan),
  depart: (plan) => ({ ...plan, departing: true }),
  close: (plan, fact) =>
    mapPartitions(plan, (p) => (fact.partitions.includes(p.partition) && p.phase === 'armed' && p.unwritten ? { ...p, phase: 'due' } : p)),
  retry: (plan) => ({ ...plan, waiting: false }),

  commit: (plan, fact) => moved('committing', plan, fact),
  committed: (plan, fact) => whileIn('committing', plan, fact)((p) => ({ ...p, phase: phaseCommitted(p), unwritten: false })),
  'commit-refused': (plan, fact) => whileIn('committing', plan, fact)(lost),

  fence: (plan, fact) => eachIn('unfenced', plan, fact.claims)((p) => ({ ...p, phase: 'fencing' })),
  fenced: (plan, fact) => eachIn('fencing', plan, fact.claims)((p) => ({ ...p, phase: 'unasked', suspects: [] })),
  'fence-failed': (plan, fact) => ({ ...eachIn('fencing', plan, fact.claims)((p) => ({ ...p, phase: 'unfenced' })), waiting: true }),

  ask: (plan, fact) => moved('asking', plan, fact),
  asked: (plan, fact) => whileIn('asking', plan, fact)((p) => answered(p, fact)),
  'ask-failed': (plan, fact) => ({ ...whileIn('asking', plan, fact)((p) => ({ ...p, phase: 'unasked' })), waiting: true }),

  rebuild: (plan, fact) => moved('rebuilding', plan, fact),
  rebuilt: (plan, fact) =>
    whileIn(
      'rebuilding',
      plan,
      fact,
    )((p) => (sameTables(fact.tables, p.intent?.tables ?? []) ? { ...p, phase: 'resend' } : suspect(p, 'rows-differ'))),
  'rebuild-failed': (plan, fact) => ({ ...whileIn('rebuilding', plan, fact)((p) => ({ ...p, phase: 'unbuilt' })), waiting: true }),

  insert: (plan, fact) => ({
    ...eachIn(undefined, plan, fact.parts)((p) => ({ ...p, phase: 'sent' })),
    block: { parts: plan.block?.parts ?? fact.parts, tables: fact.tables, sent: true },
    departing: false,
  }),
  inserted: (plan) => (plan.block === undefined ? plan : written(plan, plan.block)),
  'insert-failed': (plan, fact) => (plan.block === undefined ? plan : notWritten(plan, plan.block, fact.why)),

  reclaim: (plan, fact) => moved('reclaiming', plan, fact),
  reclaimed: (plan, fact) =>
    whileIn('reclaiming', plan, fact)((p) => ({ ...p, phase: 'unfenced', epoch: fact.newEpoch, suspects: [plan.instance] })),
  'reclaim-refused': (plan, fact) => whileIn('reclaiming', plan, fact)(lost),

  drop: (plan, fact) => without(plan, fact.partition),
  stop: (plan, fact) => without(plan, fact.partition),
};

/** The plan after a fact. Facts about an epoch that is over change nothing. */
export function evolve(plan: SinkPlan, fact: Fact): SinkPlan {
  const handler = handlers[fact.kind] as (plan: SinkPlan, fact: Fact) => SinkPlan;
  return handler(plan, fact);
}

/** All that may start now. The caller evolves the plan by each, in order, and carries them out. */
export function decide(plan: SinkPlan): readonly SinkAction[] {
  const actions: SinkAction[] = [];
  for (const p of plan.partitions) {
    const action = decidePartition(p, plan.waiting);
    if (action !== undefined) actions.push(action);
  }
  if (plan.waiting) return actions;
  const fence = decideFence(plan);
  if (fence !== undefined) actions.push(fence);
  const insert = decideInsert(plan);
  if (insert !== undefined) actions.push(insert);
  return actions;
}

function decidePartition(p: PartitionPlan, waiting: boolean): SinkAction | undefined {
  const { partition, epoch, intent } = p;
  switch (p.phase) {
    case 'due':
      return { kind: 'commit', partition, epoch, sink: { hwm: p.hwm, hwmLogSeq: p.hwmLogSeq, intent } };
    case 'unasked':
      return waiting ? undefined : { kind: 'ask', partition, epoch, intent };
    case 'unbuilt':
      return waiting || intent === undefined ? undefined : { kind: 'rebuild', partition, epoch, from: p.hwm + 1, to: intent.to };
    case 'unsure':
      return { kind: 'reclaim', partition, epoch };
    case 'lost':
      return { kind: 'drop', partition };
    case 'failed':
      return { kind: 'stop', partition, why: p.failure ?? 'count-differs', maxLogSeq: p.maxLogSeq };
    case 'unfenced':
    case 'fencing':
    case 'asking':
    case 'rebuilding':
    case 'resend':
    case 'armed':
    case 'committing':
    case 'intended':
    case 'sent':
    case 'reclaiming':
      return undefined;
    default:
      return unreachable(p.phase, 'sink phase');
  }
}

/** One fence at a time, for all that need one. */
function decideFence(plan: SinkPlan): SinkAction | undefined {
  const unfenced = plan.partitions.filter((p) => p.phase === 'unfenced');
  if (unfenced.length === 0 || plan.partitions.some((p) => p.phase === 'fencing')) return undefined;
  const instances = [...new Set(unfenced.flatMap((p) => p.suspects))].toSorted();
  return { kind: 'fence', claims: unfenced.map(partOf), instances };
}

/** One block at a time: what is under way first, then one that must be sent again, then what was intended together. */
function decideInsert(plan: SinkPlan): SinkAction | undefined {
  if (plan.block !== undefined) {
    if (plan.block.sent) return undefined;
    return insertOf(plan.block.tables, livePartitions(plan, plan.block));
  }
  const again = plan.partitions.find((p) => p.phase === 'resend');
  if (again !== undefined) return insertOf(again.missing, [again]);
  const intended = plan.partitions.filter((p) => p.phase === 'intended');
  if (intended.length === 0) return undefined;
  const onTheirWay = plan.partitions.some(
    (p) => (p.phase === 'due' || p.phase === 'committing') && p.intent !== undefined && p.failure === undefined,
  );
  if (onTheirWay && !plan.departing) return undefined;
  // Rows of one log day make one part; another day's go with the next block.
  const logDay = Math.min(...intended.map((p) => p.logDay));
  const together = intended.filter((p) => p.logDay === logDay);
  return insertOf(
    SINK_TABLES.filter((table) => together.some((p) => p.missing.includes(table))),
    together,
  );
}

function insertOf(tables: readonly SinkTableName[], partitions: readonly PartitionPlan[]): SinkAction | undefined {
  const [table] = tables;
  return table === undefined ? undefined : { kind: 'insert', table, tables, parts: partitions.map(partOf) };
}

function attachedPartition(fact: Extract<SinkInput, { kind: 'attached' }>): PartitionPlan {
  return {
    partition: fact.partition,
    epoch: fact.epoch,
    phase: 'unfenced',
    hwm: fact.sink.hwm,
    hwmLogSeq: fact.sink.hwmLogSeq,
    unwritten: false,
    intent: fact.sink.intent,
    missing: [],
    logDay: -1,
    suspects: fact.previousInstances,
    failure: undefined,
    maxLogSeq: 0,
  };
}

/** An intent is made only by a partition that is armed and has none, of rows that come right behind its high-water mark. */
function withBatch(plan: SinkPlan, batch: SinkBatch): SinkPlan {
  return whileIn(
    'armed',
    plan,
    batch,
  )((p) => {
    const { to, tables, fromLogSeq, toLogSeq, logDay } = batch;
    if (batch.from !== p.hwm + 1 || tables.length === 0) return p;
    return { ...p, phase: 'due', intent: { to, tables, fromLogSeq, toLogSeq }, missing: tablesOf(tables), logDay };
  });
}

/** What ClickHouse said about a partition that was fenced: its open intent is done, not begun, or something is wrong. */
function answered(p: PartitionPlan, fact: Extract<SinkInput, { kind: 'asked' }>): PartitionPlan {
  const { maxLogSeq } = fact;
  if (maxLogSeq > Math.max(p.hwmLogSeq, p.intent?.toLogSeq ?? 0)) return suspect({ ...p, maxLogSeq }, 'lost-end');
  if (p.intent === undefined) return { ...p, phase: 'armed' };
  const missing: SinkTableName[] = [];
  for (const table of SINK_TABLES) {
    const intended = p.intent.tables.find((t) => t.table === table) ?? { rows: 0, digest: 0n };
    const there = fact.counts.find((c) => c.table === table) ?? { rows: 0, digest: 0n };
    if (there.rows === intended.rows && there.digest === intended.digest) continue;
    // One insert is one part and all or nothing, so anything between can't have come from us.
    if (there.rows !== 0) return suspect(p, 'count-differs');
    missing.push(table);
  }
  if (p.intent.tables.some((t) => t.generation !== TABLE_GENERATION)) return suspect(p, 'rows-differ');
  return missing.length === 0 ? settled(p, p.intent) : { ...p, phase: 'unbuilt', missing };
}

function settled(p: PartitionPlan, intent: Intent): PartitionPlan {
  return { ...p, phase: 'armed', hwm: intent.to, hwmLogSeq: intent.toLogSeq, unwritten: true, intent: undefined, missing: [], logDay: -1 };
}

/**
 * What looks wrong may only look so because another process owns the partition by now and has gone on. One append tells:
 * it is refused to whoever lost the partition, and only where it lands the alarm is raised.
 */
function suspect(p: PartitionPlan, failure: SinkFailure): PartitionPlan {
  return { ...p, phase: 'due', failure };
}

function phaseCommitted(p: PartitionPlan): SinkPhase {
  if (p.failure !== undefined) return 'failed';
  return p.intent === undefined ? 'armed' : 'intended';
}

function lost(p: PartitionPlan): PartitionPlan {
  return { ...p, phase: 'lost' };
}

/** One table of the block is written; with the last one the partitions' rows are all there. */
function written(plan: SinkPlan, block: BlockPlan): SinkPlan {
  const tables = block.tables.slice(1);
  if (tables.length > 0) return withLiveBlock({ ...plan, block: { ...block, tables, sent: false } });
  return { ...eachIn('sent', plan, block.parts)((p) => (p.intent === undefined ? p : settled(p, p.intent))), block: undefined };
}

/**
 * A block that was refused by the fence is treated like one whose fate is unknown: each of its partitions tries to claim
 * anew. The one that lost its owner is refused there, and the others are resolved apart from each other, after a pause:
 * whatever made the block fail may make the next one fail too.
 */
function notWritten(plan: SinkPlan, block: BlockPlan, why: 'unavailable' | 'stale' | 'unknown'): SinkPlan {
  if (why === 'unavailable') return withLiveBlock({ ...plan, block: { ...block, sent: false }, waiting: true });
  return { ...eachIn('sent', plan, block.parts)((p) => ({ ...p, phase: 'unsure' })), block: undefined, waiting: true };
}

/** The block's partitions that this process still owns, under the epoch that their rows carry. */
function livePartitions(plan: SinkPlan, block: BlockPlan): readonly PartitionPlan[] {
  return plan.partitions.filter((p) => p.phase === 'sent' && block.parts.some((part) => samePart(part, p)));
}

/** A block that isn't under way and whose partitions are all gone is forgotten. */
function withLiveBlock(plan: SinkPlan): SinkPlan {
  if (plan.block === undefined || plan.block.sent) return plan;
  return livePartitions(plan, plan.block).length > 0 ? plan : { ...plan, block: undefined };
}

function without(plan: SinkPlan, partition: number): SinkPlan {
  return withLiveBlock({ ...plan, partitions: plan.partitions.filter((p) => p.partition !== partition) });
}

function withPartition(plan: SinkPlan, added: PartitionPlan): SinkPlan {
  const rest = without(plan, added.partition);
  return { ...rest, partitions: [...rest.partitions, added].toSorted((a, b) => a.partition - b.partition) };
}

type Change = (p: PartitionPlan) => PartitionPlan;

function mapPartitions(plan: SinkPlan, apply: Change): SinkPlan {
  return { ...plan, partitions: plan.partitions.map(apply) };
}

/** Changes the partition if it is still owned under that epoch and in that phase. */
function whileIn(phase: SinkPhase, plan: SinkPlan, part: BlockPart): (apply: Change) => SinkPlan {
  return eachIn(phase, plan, [part]);
}

/** The same for several partitions, in any phase where none is named. */
function eachIn(phase: SinkPhase | undefined, plan: SinkPlan, parts: readonly BlockPart[]): (apply: Change) => SinkPlan {
  const concerns = (p: PartitionPlan): boolean => (phase === undefined || p.phase === phase) && parts.some((part) => samePart(part, p));
  return (apply) => mapPartitions(plan, (p) => (concerns(p) ? apply(p) : p));
}

function moved(phase: SinkPhase, plan: SinkPlan, part: BlockPart): SinkPlan {
  return eachIn(undefined, plan, [part])((p) => ({ ...p, phase }));
}

function samePart(a: BlockPart, b: BlockPart): boolean {
  return a.partition === b.partition && a.epoch === b.epoch;
}

function partOf(p: PartitionPlan): BlockPart {
  return { partition: p.partition, epoch: p.epoch };
}

function tablesOf(tables: readonly { readonly table: string }[]): readonly SinkTableName[] {
  return SINK_TABLES.filter((table) => tables.some((t) => t.table === table));
}
