/**
 * Very many persistent sessions that go away, miss messages, and all come back. What the edge keeps of them while they are
 * away is measured after a collection of its garbage, before they came and after the last one left.
 */
import { BrokerLoad } from './broker-load.ts';
import { grownBytes } from './broker.ts';
import { heldAfterCollection, heldNow } from './memory.ts';
import type { Held } from './memory.ts';
import { accessOf } from './paired.ts';
import type { BrokerSide, BrokerUnderTest } from './paired.ts';
import type { Measured } from './rows.ts';
import { Mosquitto, mosquittoProgram } from '../mqtt/mosquitto.ts';

export interface OfflineWish {
  readonly sessions: number;
  /** Messages that each one misses. */
  readonly each: number;
  /** Sessions that are back at a time and wait for theirs. */
  readonly atOnce: number;
}

const NAME = 'offline';
const FILTER = 'cmd/{n}/#';
const TOPIC = 'cmd/{n}/go';
/** Come and go before the first measurement, so that what is made once, and the room that a busy process takes, is not counted. */
const WARM_UP_SESSIONS = 10_000;
const DRAIN_S_MAX = 600;
const MIB = 1_024 * 1_024;
/** Mosquitto keeps everything in memory: more of them would only measure that. */
const MOSQUITTO_SESSIONS_MAX = 10_000;

interface Drained {
  readonly grown: { readonly rss: number; readonly held: number };
  readonly sessionsPerS: number;
  readonly publishedPerS: number;
  readonly createdPerS: number;
  readonly firstWrong: string;
  readonly wrong: number;
}

type Weigh = (pid: number) => Promise<Held>;

async function comeAndGo(side: BrokerSide, wish: OfflineWish, held: Weigh): Promise<Drained> {
  const load = new BrokerLoad();
  try {
    const access = accessOf(side);
    await load.run({ kind: 'sessions', access, name: `${NAME}-warm`, count: WARM_UP_SESSIONS, filter: `warm/${FILTER}` });
    const before = await held(side.pid);
    const created = await load.run({ kind: 'sessions', access, name: NAME, count: wish.sessions, filter: FILTER });
    const after = await held(side.pid);
    const published = await load.run({ kind: 'publish', access, topic: TOPIC, topics: wish.sessions, rounds: wish.each, retain: false });
    const { atOnce, each, sessions } = wish;
    const drained = await load.run({ kind: 'drain', access, name: NAME, count: sessions, each, atOnce, limitS: DRAIN_S_MAX });
    return {
      grown: { rss: after.rssBytes - before.rssBytes, held: grownBytes(before, after) },
      sessionsPerS: drained.done / drained.seconds,
      publishedPerS: published.done / published.seconds,
      createdPerS: created.done / created.seconds,
      wrong: drained.wrong + published.wrong,
      firstWrong: published.firstWrong || drained.firstWrong,
    };
  } finally {
    load.stop();
  }
}

export interface OfflineMeasured {
  readonly rss: Measured;
  readonly rate: Measured;
}

/** Anything that is missing, double or out of order makes the rate worthless: it is not measured then. */
export async function offlineSessions(under: BrokerUnderTest, wish: OfflineWish): Promise<OfflineMeasured> {
  await under.quiet();
  const own = await comeAndGo(under.side(), wish, heldAfterCollection);
  const count = wish.sessions.toLocaleString('en');
  const held = Number.isNaN(own.grown.held)
    ? 'garbage not collected: no inspector'
    : `heap and buffers ${(own.grown.held / MIB).toFixed(2)}`;
  const rss = { value: own.grown.rss / MIB, detail: `${count} sessions, after a collection before and after; ${held}` };
  if (own.wrong > 0) return { rss, rate: { notMeasured: `${own.wrong} wrong: ${own.firstWrong}` } };
  const beside = `created ${own.createdPerS.toFixed(0)}/s, ${own.publishedPerS.toFixed(0)} messages/s published`;
  const detail = `${count} sessions, ${wish.each} messages each, ${wish.atOnce.toLocaleString('en')} at once; ${beside}${await mosquittoText(wish)}`;
  return { rss, rate: { value: own.sessionsPerS, detail } };
}

async function mosquittoText(wish: OfflineWish): Promise<string> {
  const program = mosquittoProgram('mosquitto');
  if (program === undefined) return '';
  const mosquitto = await Mosquitto.start(program);
  try {
    const sessions = Math.min(MOSQUITTO_SESSIONS_MAX, wish.sessions);
    const { sessionsPerS, wrong } = await comeAndGo(mosquitto, { ...wish, sessions }, (pid) => Promise.resolve(heldNow(pid)));
    return wrong === 0 ? `; mosquitto, of ${sessions.toLocaleString('en')}, ${sessionsPerS.toFixed(0)}/s` : '';
  } finally {
    mosquitto.stop();
  }
}
