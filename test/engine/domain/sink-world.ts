/**
 * The world that the sink planner lives in, small enough to be searched exhaustively: control logs with compare-and-set
 * appends whose replies may be lost, a ClickHouse whose inserts arrive, pass the fence and commit in separate steps and
 * outlive their senders, two processes that may stop anywhere (which is also what a paused zombie is: a process that
 * takes no step for as long as it likes), crash, and start anew. The planner in it is the production one.
 *
 * Left out because they add states and no behaviour: time, the fold (rows of the log are there from the start) and all
 * tables but one (tables of a block are written one after the other, each resolved by its own count).
 */
import { decide, evolve, initialPlan } from '../../../engine/domain/sink-planner.ts';
import type { BlockPart, SinkBatch, SinkInput, SinkPlan } from '../../../engine/domain/sink-plan.ts';
import { type Intent, type SinkState, TABLE_GENERATION } from '../../../engine/domain/sink-state.ts';
import { lossSteps, mended, remembering } from './sink-world-loss.ts';
import type { ControlLogState, InsertState, Operation, ProcessState, Step, World, WorldOptions } from './sink-world-types.ts';

export function initialWorld(options: WorldOptions): World {
  const logs = options.rows.map((n) => ({ seq: n, epoch: 0, instance: '', hwm: 0, hwmLogSeq: 0, intent: undefined }));
  const idle = (i: number): ProcessState => ({ plan: initialPlan(`${i}`), operations: [], known: options.rows.map(() => 0) });
  const world: World = {
    logs,
    clickhouse: { fence: options.rows.map(() => 0), rows: options.rows.map((n) => Array.from({ length: n }, () => 0)), inserts: [] },
    processes: [idle(0), idle(1)],
    claimsLeft: options.claims,
    crashesLeft: options.crashes,
    lostLeft: options.lostReplies,
    refusalsLeft: options.refusals,
    lossesLeft: options.losses ?? 0,
    past: options.rows.map(() => []),
    hasLost: false,
    alarm: '',
  };
  const claimed = options.rows.reduce((w, _, partition) => claim({ ...w, claimsLeft: w.claimsLeft + 1 }, { process: 0, partition }), world);
  return readied(claimed, options);
}

/** The search starts where the first process owns everything, and ClickHouse was fenced and asked. */
function readied(world: World, options: WorldOptions): World {
  let next = world;
  while (next.processes[0]?.plan.partitions.some((p) => p.phase !== 'armed') === true) {
    const out: Step[] = [];
    for (const operation of next.processes[0].operations) operationSteps(next, { index: 0, operation, options }, out);
    next = settled(out[0]?.next ?? next, options);
  }
  return next;
}

/** Undefined when all is well. */
export function violation(world: World): string | undefined {
  if (world.alarm !== '') return world.alarm;
  for (const [partition, rows] of world.clickhouse.rows.entries()) {
    const hwm = world.logs[partition]?.hwm ?? 0;
    for (const [i, times] of rows.entries()) {
      if (times > 1) return `row ${partition}.${i + 1} is there ${times} times`;
      if (times === 0 && i + 1 <= hwm) return `row ${partition}.${i + 1} is missing below the high-water mark`;
    }
  }
  return undefined;
}

/** Every step that may come next. */
export function steps(world: World, options: WorldOptions): readonly Step[] {
  const out: Step[] = [];
  for (const [index, process] of world.processes.entries()) {
    claimSteps(world, index, out);
    inputSteps(world, index, out);
    for (const operation of process.operations) operationSteps(world, { index, operation, options }, out);
    if (world.crashesLeft > 0 && process.plan.partitions.length > 0)
      out.push({ label: `process ${index} crashes`, next: crashed(world, index, options) });
  }
  insertSteps(world, options, out);
  if (world.lossesLeft > 0) lossSteps(world, poweredOff(world, options), out);
  return out.map(({ label, next }) => ({ label, next: settled(remembering(world, next), options) }));
}

function claimSteps(world: World, index: number, out: Step[]): void {
  if (world.claimsLeft === 0) return;
  for (const partition of world.logs.keys()) {
    if (planOf(world, index).partitions.some((p) => p.partition === partition)) continue;
    out.push({ label: `process ${index} claims ${partition}`, next: claim(world, { process: index, partition }) });
  }
}

/** What a process tells its planner without having been asked: that it is time for something. */
function inputSteps(world: World, index: number, out: Step[]): void {
  const plan = planOf(world, index);
  const say = (label: string, input: SinkInput) => out.push({ label: `process ${index}: ${label}`, next: told(world, index, input) });
  if (plan.waiting) say('retry', { kind: 'retry' });
  const onTheirWay = plan.partitions.some((p) => p.phase === 'committing');
  if (!plan.departing && onTheirWay && plan.partitions.some((p) => p.phase === 'intended')) say('depart', { kind: 'depart' });
  const armed = plan.partitions.filter((p) => p.phase === 'armed');
  const stale = armed.filter((p) => p.unwritten).map((p) => p.partition);
  if (stale.length > 0) say('close', { kind: 'close', partitions: stale });
  if (plan.block !== undefined) return;
  let choices: readonly (readonly SinkBatch[])[] = [[]];
  for (const p of armed) {
    const end = world.clickhouse.rows[p.partition]?.length ?? 0;
    const batches: SinkBatch[] = [];
    for (let to = p.hwm + 1; to <= end; to++) batches.push({ ...p, from: p.hwm + 1, ...intentOf(p.hwm + 1, to), logDay: 0 });
    choices = choices.flatMap((choice) => [choice, ...batches.map((batch) => [...choice, batch])]);
  }
  for (const batches of choices) {
    if (batches.length > 0) say(`flush ${batches.map((b) => `${b.partition}:${b.from}-${b.to}`).join(' ')}`, { kind: 'flush', batches });
  }
}

function intentOf(from: number, to: number): Intent {
  const count = countOf(from, to);
  return { to, tables: [{ table: 'events', generation: TABLE_GENERATION, ...count }], fromLogSeq: from, toLogSeq: to };
}

function countOf(from: number, to: number): { rows: number; digest: bigint } {
  let digest = 0n;
  for (let seq = from; seq <= to; seq++) digest += BigInt(seq);
  return { rows: to - from + 1, digest };
}

interface Running {
  readonly index: number;
  readonly operation: Operation;
  readonly options: WorldOptions;
}

function operationSteps(world: World, running: Running, out: Step[]): void {
  const { operation } = running;
  switch (operation.kind) {
    case 'commit':
    case 'reclaim':
      return appendSteps(world, { ...running, operation }, out);
    case 'fence':
      return fenceSteps(world, { ...running, operation }, out);
    case 'ask':
      return askSteps(world, { ...running, operation }, out);
  }
}

/** A compare-and-set append: it lands and is confirmed, lands and the process is told otherwise, or is refused. */
function appendSteps(
  world: World,
  running: Running & { readonly operation: Extract<Operation, { kind: 'commit' | 'reclaim' }> },
  out: Step[],
): void {
  const { index, operation, options } = running;
  const { partition, epoch } = operation;
  const log = world.logs[partition];
  const process = world.processes[index];
  if (log === undefined || process === undefined) return;
  const again = operation.kind === 'reclaim';
  const label = again ? `claims ${partition} anew` : `commits ${partition} ${describe(operation.sink)}`;
  const refusal: SinkInput = { kind: again ? 'reclaim-refused' : 'commit-refused', partition, epoch };
  if (again && options.newEpoch === false) {
    finish(world, { ...running, label: `${label} (not)`, input: { kind: 'reclaimed', partition, epoch, newEpoch: epoch } }, out);
    return;
  }
  if (log.seq !== process.known[partition]) return finish(world, { ...running, label: `${label}: refused`, input: refusal }, out);
  if (again && world.claimsLeft === 0) return;
  const seq = log.seq + 1;
  const written: ControlLogState = again
    ? { ...log, seq, epoch: seq, instance: process.plan.instance }
    : { ...log, ...operation.sink, ...(options.intent === false ? { intent: undefined } : {}), seq };
  const landed = { ...world, logs: world.logs.with(partition, written), claimsLeft: world.claimsLeft - (again ? 1 : 0) };
  const success: SinkInput = again ? { kind: 'reclaimed', partition, epoch, newEpoch: seq } : { kind: 'committed', partition, epoch };
  const knowing = withProcess(landed, index, { ...process, known: process.known.with(partition, seq) });
  finish(knowing, { ...running, label, input: success }, out);
  if (world.lostLeft > 0)
    finish({ ...landed, lostLeft: world.lostLeft - 1 }, { ...running, label: `${label}: landed, told otherwise`, input: refusal }, out);
}

function describe(sink: SinkState): string {
  return `hwm ${sink.hwm}${sink.intent === undefined ? '' : ` intent to ${sink.intent.to}`}`;
}

/** The epochs are raised. That nothing older is under way any more is seen by `settled`. */
function fenceSteps(world: World, running: Running & { readonly operation: Extract<Operation, { kind: 'fence' }> }, out: Step[]): void {
  const { index, operation, options } = running;
  const { clickhouse } = world;
  const process = world.processes[index];
  if (process === undefined || operation.raised === true) return;
  const fence = clickhouse.fence.map((epoch, partition) => {
    const claimed = operation.claims.find((c) => c.partition === partition);
    return claimed === undefined || options.fence === false ? epoch : Math.max(epoch, claimed.epoch);
  });
  const raised: Operation = { ...operation, raised: true };
  const operations = process.operations.map((o) => (o === operation ? raised : o));
  out.push({
    label: `process ${index} raises the fence of ${operation.claims.map((c) => `${c.partition} to ${c.epoch}`).join(', ')}`,
    next: withProcess({ ...world, clickhouse: { ...clickhouse, fence } }, index, { ...process, operations }),
  });
}

/**
 * Steps that are taken at once because nothing that happens in between can tell the difference: a fence is done when no
 * older insert that had passed it is left (none can pass any more), and an insert that nobody waits for and that can't pass
 * any more is gone. It saves most of the states.
 */
function settled(world: World, options: WorldOptions): World {
  let next = world;
  const { inserts, fence } = world.clickhouse;
  const left = inserts.filter((insert) => insert.passed || insert.waiter >= 0 || !isStale(insert, fence) || options.fence === false);
  if (left.length < inserts.length) next = { ...next, clickhouse: { ...next.clickhouse, inserts: left } };
  for (const index of world.processes.keys()) {
    for (const operation of next.processes[index]?.operations ?? []) {
      if (operation.kind !== 'fence' || operation.raised === undefined || mustWait(next, operation, options)) continue;
      next = told(withoutOperation(next, index, operation), index, { kind: 'fenced', claims: operation.claims });
    }
  }
  return next;
}

function mustWait(world: World, operation: Extract<Operation, { kind: 'fence' }>, options: WorldOptions): boolean {
  return world.clickhouse.inserts.some((insert) => {
    if (!insert.passed || options.wait === false) return false;
    if (options.wait === 'previous' && !operation.instances.includes(insert.instance)) return false;
    return insert.parts.some((part) => operation.claims.some((c) => c.partition === part.partition && part.epoch < c.epoch));
  });
}

function isStale(insert: InsertState, fence: readonly number[]): boolean {
  return insert.parts.some((p) => p.epoch < (fence[p.partition] ?? 0));
}

function askSteps(world: World, running: Running & { readonly operation: Extract<Operation, { kind: 'ask' }> }, out: Step[]): void {
  const { partition, epoch, intent } = running.operation;
  const rows = running.options.ask === false ? [] : (world.clickhouse.rows[partition] ?? []);
  let count = 0;
  let digest = 0n;
  let maxLogSeq = 0;
  for (const [i, times] of rows.entries()) {
    if (times > 0) maxLogSeq = i + 1;
    if (intent === undefined || i + 1 < intent.fromLogSeq || i + 1 > intent.toLogSeq) continue;
    count += times;
    digest += BigInt(times * (i + 1));
  }
  const counts = [{ table: 'events' as const, rows: count, digest }];
  finish(
    world,
    { ...running, label: `asks ${partition}: ${count} rows`, input: { kind: 'asked', partition, epoch, maxLogSeq, counts } },
    out,
  );
}

/** Inserts live their own lives: they outlast their senders, and their senders' patience. */
function insertSteps(world: World, options: WorldOptions, out: Step[]): void {
  for (const [i, insert] of world.clickhouse.inserts.entries()) {
    const name = `insert ${insert.parts.map((p) => `${p.partition}:${p.from}-${p.to}@${p.epoch}`).join(' ')}`;
    const ended = withInsert(world, i, undefined);
    if (insert.waiter >= 0 && world.lostLeft > 0) {
      const alone = withInsert({ ...world, lostLeft: world.lostLeft - 1 }, i, { ...insert, waiter: -1 });
      out.push({ label: `${name}: the answer is lost`, next: told(alone, insert.waiter, { kind: 'insert-failed', why: 'unknown' }) });
    }
    if (insert.passed) {
      out.push({ label: `${name} commits`, next: answer(withRows(ended, insert), insert, { kind: 'inserted' }) });
      // Killed by a fence, or with the server.
      out.push({ label: `${name} dies`, next: answer(ended, insert, { kind: 'insert-failed', why: 'unknown' }) });
      continue;
    }
    if (options.fence !== false && isStale(insert, world.clickhouse.fence)) {
      out.push({ label: `${name} is refused by the fence`, next: answer(ended, insert, { kind: 'insert-failed', why: 'stale' }) });
    } else {
      out.push({ label: `${name} passes the fence`, next: withInsert(world, i, { ...insert, passed: true }) });
    }
    if (insert.waiter < 0 || world.refusalsLeft === 0) continue;
    const refused = { ...ended, refusalsLeft: world.refusalsLeft - 1 };
    out.push({ label: `${name}: ClickHouse is unavailable`, next: answer(refused, insert, { kind: 'insert-failed', why: 'unavailable' }) });
  }
}

function withRows(world: World, insert: InsertState): World {
  const rows = world.clickhouse.rows.map((times, partition) =>
    times.map((n, i) => n + insert.parts.filter((p) => p.partition === partition && i + 1 >= p.from && i + 1 <= p.to).length),
  );
  return { ...world, clickhouse: { ...world.clickhouse, rows } };
}

function answer(world: World, insert: InsertState, input: SinkInput): World {
  return insert.waiter < 0 ? world : told(world, insert.waiter, input);
}

function withInsert(world: World, at: number, insert: InsertState | undefined): World {
  const { inserts } = world.clickhouse;
  const next = insert === undefined ? inserts.toSpliced(at, 1) : inserts.with(at, insert);
  return { ...world, clickhouse: { ...world.clickhouse, inserts: next } };
}

function claim(world: World, who: { readonly process: number; readonly partition: number }): World {
  const { partition } = who;
  const log = world.logs[partition];
  const process = world.processes[who.process];
  if (log === undefined || process === undefined) return world;
  const seq = log.seq + 1;
  const claimed = { ...log, seq, epoch: seq, instance: process.plan.instance };
  const owner = withProcess({ ...world, logs: world.logs.with(partition, claimed), claimsLeft: world.claimsLeft - 1 }, who.process, {
    ...process,
    known: process.known.with(partition, seq),
  });
  const { hwm, hwmLogSeq, intent } = log;
  return told(owner, who.process, {
    kind: 'attached',
    partition,
    epoch: seq,
    sink: { hwm, hwmLogSeq, intent },
    previousInstances: [log.instance],
  });
}

/** Nothing runs any more; what ClickHouse has committed stays. */
function poweredOff(world: World, options: WorldOptions): World {
  const { clickhouse, crashesLeft } = world;
  const off = world.processes.reduce<World>((next, _, index) => crashed(next, index, options), world);
  return { ...off, crashesLeft, clickhouse: { ...clickhouse, inserts: [] } };
}

/** All that a process knew is gone; the same process comes back as a new one, which owns nothing. */
function crashed(world: World, index: number, options: WorldOptions): World {
  const process = world.processes[index];
  if (process === undefined) return world;
  const inserts = world.clickhouse.inserts.map((insert) => (insert.waiter === index ? { ...insert, waiter: -1 } : insert));
  // Who wrote what matters only where it is asked for; one name for all saves states.
  const instance = options.wait === 'previous' ? `${process.plan.instance}'` : process.plan.instance;
  const anew = { plan: initialPlan(instance), operations: [], known: process.known.map(() => 0) };
  return withProcess({ ...world, crashesLeft: world.crashesLeft - 1, clickhouse: { ...world.clickhouse, inserts } }, index, anew);
}

interface Finished extends Running {
  readonly label: string;
  readonly input: SinkInput;
}

/** An operation ends and the planner hears of it. */
function finish(world: World, done: Finished, out: Step[]): void {
  const { index, operation, label, input } = done;
  out.push({ label: `process ${index} ${label}`, next: told(withoutOperation(world, index, operation), index, input) });
}

/** The planner's turn: the input, then everything that it starts because of it. */
function told(world: World, index: number, input: SinkInput): World {
  const process = world.processes[index];
  if (process === undefined) return world;
  let plan = evolve(process.plan, input);
  let operations = process.operations;
  let { alarm, clickhouse } = world;
  let { known } = process;
  for (let actions = decide(plan); actions.length > 0; actions = decide(plan)) {
    for (const action of actions) {
      plan = evolve(plan, action);
      switch (action.kind) {
        case 'stop':
          // The owner makes the lost records again, finds the rows to be theirs, and goes on behind them.
          if (world.hasLost && action.why === 'lost-end') plan = evolve(plan, mended(process.plan, action.partition, action.maxLogSeq));
          else alarm = `the planner stopped partition ${action.partition}: ${action.why}`;
          break;
        case 'drop':
          known = known.with(action.partition, 0);
          break;
        case 'insert':
          clickhouse = { ...clickhouse, inserts: [...clickhouse.inserts, insertOf(plan, action.parts, index)] };
          break;
        case 'rebuild': {
          const { partition, epoch, from, to } = action;
          plan = evolve(plan, { kind: 'rebuilt', partition, epoch, tables: intentOf(from, to).tables });
          break;
        }
        default:
          operations = [...operations, action];
      }
    }
  }
  return withProcess({ ...world, alarm, clickhouse }, index, { plan, operations, known });
}

function insertOf(plan: SinkPlan, owned: readonly BlockPart[], waiter: number): InsertState {
  const parts = owned.flatMap(({ partition, epoch }) => {
    const p = plan.partitions.find((x) => x.partition === partition && x.epoch === epoch);
    return p?.intent === undefined ? [] : [{ partition, epoch, from: p.hwm + 1, to: p.intent.to }];
  });
  return { instance: plan.instance, passed: false, waiter, parts };
}

function withoutOperation(world: World, index: number, operation: Operation): World {
  const process = world.processes[index];
  if (process === undefined) return world;
  return withProcess(world, index, { ...process, operations: process.operations.filter((o) => o !== operation) });
}

function withProcess(world: World, index: number, process: ProcessState): World {
  return { ...world, processes: world.processes.with(index, process) };
}

function planOf(world: World, index: number): SinkPlan {
  return world.processes[index]?.plan ?? initialPlan('');
}
