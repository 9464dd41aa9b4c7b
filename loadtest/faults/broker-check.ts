/**
 * What a broker owes after a run, against what its subscribers got: every acknowledged message, QoS 2 exactly once, the
 * order of each publisher and topic, every will once. Pure; bugs can be planted to see that they are found.
 */

export type WillDue =
  | 'once'
  /** Its client said goodbye. */
  | 'never'
  /** Something died while it was being armed or disarmed. */
  | 'maybe';

/** A publisher's numbered messages on one topic, which nobody else writes to. */
export interface Stream {
  readonly topic: string;
  readonly qos: 1 | 2;
  /** The highest number that was ever sent; they begin at 1. */
  readonly sent: number;
  readonly acked: ReadonlySet<number>;
}

export interface Got {
  readonly topic: string;
  readonly n: number;
}

export interface BrokerHistory {
  readonly streams: readonly Stream[];
  /** By topic and number. */
  readonly wills: readonly (Got & { readonly due: WillDue })[];
  /** Of each persistent subscriber, who subscribed to everything before anything was sent, in the order of arrival. */
  readonly got: ReadonlyMap<string, readonly Got[]>;
  /** Who came back to a session that wasn't there. */
  readonly sessionsLost: readonly string[];
}

export const BROKER_FINDINGS = [
  'lost',
  'doubled',
  'reordered',
  'invented',
  'wills lost',
  'wills doubled',
  'wills unasked',
  'sessions lost',
] as const;
export type BrokerFinding = (typeof BROKER_FINDINGS)[number];

export interface BrokerVerdict {
  readonly findings: Readonly<Record<BrokerFinding, number>>;
  /** The first of each kind, in words. */
  readonly examples: readonly string[];
}

export function checkBroker(history: BrokerHistory): BrokerVerdict {
  const findings: Record<BrokerFinding, number> = {
    lost: 0,
    doubled: 0,
    reordered: 0,
    invented: 0,
    'wills lost': 0,
    'wills doubled': 0,
    'wills unasked': 0,
    'sessions lost': history.sessionsLost.length,
  };
  const examples = history.sessionsLost.slice(0, 1).map((who) => `sessions lost: ${who}`);
  const note = (what: BrokerFinding, example: string): void => {
    if (findings[what] === 0) examples.push(`${what}: ${example}`);
    findings[what] += 1;
  };
  for (const [subscriber, got] of history.got) {
    const byTopic = new Map<string, number[]>();
    for (const { n, topic } of got) {
      const numbers = byTopic.get(topic);
      if (numbers === undefined) byTopic.set(topic, [n]);
      else numbers.push(n);
    }
    const known = new Set<string>();
    for (const stream of history.streams) {
      known.add(stream.topic);
      checkStream(stream, byTopic.get(stream.topic) ?? [], (what, n) => note(what, `${stream.topic} ${n} at ${subscriber}`));
    }
    for (const { topic } of history.wills) known.add(topic);
    checkWills(history, byTopic, (what, will) => note(what, `${will.topic} ${will.n} at ${subscriber}`));
    for (const topic of byTopic.keys()) if (!known.has(topic)) note('invented', `${topic} at ${subscriber}`);
  }
  return { findings, examples };
}

function checkStream(stream: Stream, numbers: readonly number[], note: (what: BrokerFinding, n: number) => void): void {
  const seen = new Set<number>();
  let highest = 0;
  for (const n of numbers) {
    if (seen.has(n)) {
      // QoS 1 may come again (MQTT 4.3.2); it is its first coming that has an order.
      if (stream.qos === 2) note('doubled', n);
      continue;
    }
    seen.add(n);
    if (!(n >= 1 && n <= stream.sent)) note('invented', n);
    if (n < highest) note('reordered', n);
    highest = Math.max(highest, n);
  }
  for (const n of stream.acked) if (!seen.has(n)) note('lost', n);
}

function checkWills(
  history: BrokerHistory,
  byTopic: ReadonlyMap<string, readonly number[]>,
  note: (what: BrokerFinding, will: Got) => void,
): void {
  for (const will of history.wills) {
    const count = byTopic.get(will.topic)?.filter((n) => n === will.n).length ?? 0;
    if (count > 1) note('wills doubled', will);
    if (count === 0 && will.due === 'once') note('wills lost', will);
    if (count > 0 && will.due === 'never') note('wills unasked', will);
  }
}

export const PLANTED_BUGS = {
  'a message dropped': 'lost',
  'a QoS 2 message doubled': 'doubled',
  'two messages exchanged': 'reordered',
  'a message that nobody sent': 'invented',
  'a will dropped': 'wills lost',
  'a will doubled': 'wills doubled',
  'a will after a goodbye': 'wills unasked',
} as const satisfies Readonly<Record<string, BrokerFinding>>;
export type PlantedBug = keyof typeof PLANTED_BUGS;

/** The history with one bug in what the first subscriber got; undefined where it has no place for it. */
export function plantBug(bug: PlantedBug, history: BrokerHistory): BrokerHistory | undefined {
  const [first] = history.got;
  if (first === undefined) return undefined;
  const [subscriber, got] = first;
  const spoilt = spoil(bug, history, got);
  return spoilt === undefined ? undefined : { ...history, got: new Map([...history.got, [subscriber, spoilt]]) };
}

function spoil(bug: PlantedBug, history: BrokerHistory, got: readonly Got[]): readonly Got[] | undefined {
  const acked = (one: Got): boolean => history.streams.some(({ acked: numbers, topic }) => topic === one.topic && numbers.has(one.n));
  const ofQos2 = new Set(history.streams.flatMap(({ qos, topic }) => (qos === 2 ? [topic] : [])));
  const will = (due: WillDue): Got | undefined => history.wills.find((one) => one.due === due);
  const without = (gone: Got | undefined): readonly Got[] | undefined =>
    gone && got.filter(({ n, topic }) => topic !== gone.topic || n !== gone.n);
  const twice = (one: Got | undefined): readonly Got[] | undefined => one && [...got, one];
  switch (bug) {
    case 'a message dropped':
      return without(got.find(acked));
    case 'a QoS 2 message doubled':
      return twice(got.find(({ topic }) => ofQos2.has(topic)));
    case 'two messages exchanged':
      return exchanged(got, history.streams);
    case 'a message that nobody sent':
      return [...got, { topic: history.streams[0]?.topic ?? 'nobody', n: Number.MAX_SAFE_INTEGER }];
    case 'a will dropped':
      return without(will('once'));
    case 'a will doubled':
      return twice(will('once'));
    case 'a will after a goodbye':
      return twice(will('never'));
  }
}

/** The last two of a stream that came one after the other, the other way round. */
function exchanged(got: readonly Got[], streams: readonly Stream[]): readonly Got[] | undefined {
  for (const { topic } of streams) {
    const places = got.flatMap((one, place) => (one.topic === topic ? [place] : []));
    const [a, b] = places.slice(-2);
    const [one, other] = [got[a ?? -1], got[b ?? -1]];
    if (a === undefined || b === undefined || one === undefined || other === undefined || one.n >= other.n) continue;
    if (got.filter(({ n, topic: of }) => of === topic && (n === one.n || n === other.n)).length !== 2) continue;
    return got.with(a, other).with(b, one);
  }
  return undefined;
}
