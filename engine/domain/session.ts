/**
 * The life of a session: which connection holds it, when its will is sent, when it ends. A table says what each input does
 * in each phase; the functions below do it. All that a session comes to is a function of its events and of log time.
 *
 * S1. A will is sent at most once, and only after its connection has ended otherwise than by leave of the client
 *     (MQTT-3.1.2-8, -10), or when its session is taken up by a clean start (§3.1.3.2.2: the session ends).
 * S2. It is not sent when the session goes on in a new connection before the will's delay is over (MQTT-3.1.3-9); a will
 *     without a delay is sent at a takeover too. The delay never outlasts the session.
 * S3. One connection holds a session, the newest (MQTT-3.1.4-3): what another one says is not heard.
 * S4. A session that ends with its connection (expiry 0) is never resumed (§3.1.2.11.2).
 * S5. A session that is not connected ends when its expiry is over, and not before; an expiry of 4294967295 s never is.
 * S6. While an edge is gone and the grace runs, its sessions are as they were; afterwards their connections ended when it
 *     was over. An edge that drained says that its clients were sent away: no grace, and no will.
 * S7. What times out is dated by when it was due, not by when somebody noticed.
 */
import type { Connected, Disconnected, Will } from '../../schemas/gen/lean.ts';
import { FLAPPING_CONNECTS, FLAPPING_MS, REASON_TAKEN_OVER } from './presence-news.ts';
import { skipUnsaid } from './session-change.ts';
import { EXPIRY_NEVER_S, newSession, type Session } from './session-state.ts';

/** `ended`: of a device, for its twin; there is no session any more. */
export const PHASES = ['none', 'connected', 'orphaned', 'will-pending', 'offline', 'ended'] as const;
export type Phase = (typeof PHASES)[number];

/** `connect`: the session may go on. `due`: the phase's timer. */
export const INPUTS = ['connect', 'connect-clean', 'disconnect', 'disconnect-with-will', 'edge-gone', 'edge-drained', 'due'] as const;
export type Input = (typeof INPUTS)[number];

/**
 * `take-over` ends a connection and goes on with its session, `replace` ends the session too; `begin` has nothing to end
 * that could be heard of. `lose` is a disconnect that nobody could say.
 */
export type Step =
  | 'ignore'
  | 'begin'
  | 'resume'
  | 'take-over'
  | 'replace'
  | 'leave'
  | 'leave-with-will'
  | 'orphan'
  | 'drain'
  | 'lose'
  | 'send-will'
  | 'end';

const ABSENT: Readonly<Record<Input, Step>> = {
  connect: 'begin',
  'connect-clean': 'begin',
  disconnect: 'ignore',
  'disconnect-with-will': 'ignore',
  'edge-gone': 'ignore',
  'edge-drained': 'ignore',
  due: 'ignore',
};
const HELD: Readonly<Record<Input, Step>> = {
  connect: 'take-over',
  'connect-clean': 'replace',
  disconnect: 'leave',
  'disconnect-with-will': 'leave-with-will',
  'edge-gone': 'orphan',
  'edge-drained': 'drain',
  due: 'ignore',
};

export const STEPS: Readonly<Record<Phase, Readonly<Record<Input, Step>>>> = {
  none: ABSENT,
  connected: HELD,
  orphaned: { ...HELD, 'edge-gone': 'ignore', 'edge-drained': 'ignore', due: 'lose' },
  'will-pending': { ...ABSENT, connect: 'resume', 'connect-clean': 'replace', due: 'send-will' },
  offline: { ...ABSENT, connect: 'resume', due: 'end' },
  ended: ABSENT,
};

/** An edge that was only cut off may have its clients back by then. */
export const EDGE_GRACE_MS = 10_000;
const WHY_TAKEN_OVER = 'taken-over';
const WHY_EDGE_GONE = 'edge-gone';
const WHY_DRAINING = 'draining';

/** What others may hear of a session. `connection` is the one that it is about; `ms` is log time. */
export type SessionNews =
  | { readonly state: 'connected'; readonly connection: number; readonly ms: number }
  | { readonly state: 'disconnected'; readonly connection: number; readonly ms: number; readonly reason: number; readonly why: string }
  | { readonly state: 'will'; readonly connection: number; readonly ms: number; readonly topic: string }
  | { readonly state: 'flapping' | 'calm'; readonly connection: number; readonly ms: number };

export interface SessionSink {
  tell(session: Session, news: SessionNews): void;
  /** `cause` is the place of the event that made it so. */
  send(session: Session, will: Will, at: { readonly ms: number; readonly cause: number }): void;
}

/** A connection that was made: who, what it said, where its event stands. */
export interface Arrival {
  readonly tenant: string;
  readonly session: string;
  readonly device: string;
  readonly gateway: string;
  readonly via: number;
  readonly said: Connected;
  readonly place: number;
  readonly logMs: number;
  readonly edgeEpoch: number;
  readonly edge: string;
}

export interface Leave {
  readonly said: Pick<Disconnected, 'reason' | 'why' | 'sendWill' | 'expiryS'>;
  readonly place: number;
  readonly logMs: number;
}

export function phaseOf(session: Session | undefined): Phase {
  if (session === undefined) return 'none';
  if (session.connected) return session.orphaned ? 'orphaned' : 'connected';
  if (session.will !== undefined) return 'will-pending';
  return session.expiryS > 0 ? 'offline' : 'ended';
}

/** Whether an edge may have it: S4. */
export function isThere(session: Session): boolean {
  return session.connected || session.expiryS > 0;
}

/** When its timer is due; Infinity where none runs. */
export function dueMsOf(session: Session): number {
  switch (phaseOf(session)) {
    case 'orphaned':
      return session.disconnectedMs + (session.disconnectWhy === WHY_DRAINING ? 0 : EDGE_GRACE_MS);
    case 'will-pending':
      return session.disconnectedMs + Math.min(session.will?.delayS ?? 0, session.expiryS) * 1_000;
    case 'offline':
      return session.expiryS === EXPIRY_NEVER_S ? Number.POSITIVE_INFINITY : session.disconnectedMs + session.expiryS * 1_000;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** What becomes of the session, if there was one, when its client connects. */
export function connect(before: Session | undefined, arrival: Arrival, sink: SessionSink): Session {
  const isClean = arrival.said.cleanStart || (before?.connected === true && before.expiryS === 0);
  const step = STEPS[phaseOf(before)][isClean ? 'connect-clean' : 'connect'];
  const wasConnected = before?.connected === true;
  const previous = wasConnected ? { connection: before.connection, edgeEpoch: before.edgeEpoch } : { connection: 0, edgeEpoch: 0 };
  if (wasConnected) {
    const { connection } = before;
    sink.tell(before, { state: 'disconnected', connection, ms: arrival.logMs, reason: REASON_TAKEN_OVER, why: WHY_TAKEN_OVER });
  }
  if (step === 'replace' || (step === 'take-over' && before?.will?.delayS === 0))
    sendWill(before, { ms: arrival.logMs, cause: arrival.place }, sink);
  const goesOn = step === 'resume' || step === 'take-over';
  const session = goesOn && before !== undefined ? before : newSession(arrival);
  const { place, said } = arrival;
  session.resumed = goesOn;
  if (goesOn && !session.parted) session.inFlight = skipUnsaid(session.inFlight);
  session.parted = false;
  if (!goesOn) session.firstConnection = place;
  session.previousConnection = previous.connection;
  session.previousEdgeEpoch = previous.edgeEpoch;
  session.connection = place;
  session.cause = place;
  session.connected = true;
  session.orphaned = false;
  session.edgeEpoch = arrival.edgeEpoch;
  session.edge = arrival.edge;
  session.edgeConnection = said.edgeConnection;
  session.via = arrival.via;
  session.gateway = arrival.gateway;
  session.address = said.address;
  session.level = said.level;
  session.keepAliveS = said.keepAliveS;
  session.expiryS = said.expiryS;
  session.connectedMs = arrival.logMs;
  session.disconnectedMs = 0;
  session.disconnectReason = 0;
  session.disconnectWhy = '';
  session.will = said.will;
  sink.tell(session, { state: 'connected', connection: place, ms: arrival.logMs });
  if (session.device !== '') noteConnect(session, before?.recentConnectsMs ?? [], sink);
  return session;
}

/** The connection that holds the session has ended. */
export function disconnect(session: Session, leave: Leave, sink: SessionSink): void {
  const step = STEPS[phaseOf(session)][leave.said.sendWill ? 'disconnect-with-will' : 'disconnect'];
  if (step === 'ignore') return;
  const { expiryS } = leave.said;
  // It may be changed with the last word, but not from 0 (MQTT-3.1.2-23).
  if (expiryS !== undefined && session.expiryS !== 0) session.expiryS = expiryS;
  end(session, { ...leave.said, sendWill: step === 'leave-with-will', ms: leave.logMs, cause: leave.place }, sink);
}

/** The edge that holds the connection is gone. */
export function loseEdge(session: Session, gone: { readonly drained: boolean; readonly place: number; readonly logMs: number }): void {
  const step = STEPS[phaseOf(session)][gone.drained ? 'edge-drained' : 'edge-gone'];
  if (step === 'ignore') return;
  session.orphaned = true;
  session.disconnectedMs = gone.logMs;
  session.disconnectWhy = step === 'drain' ? WHY_DRAINING : WHY_EDGE_GONE;
  session.cause = gone.place;
  if (step === 'drain') session.will = undefined;
}

/** Does what the session's timer, which is due, is there for: one step, after which another may be due. */
export function fire(session: Session, sink: SessionSink): void {
  const ms = dueMsOf(session);
  const { cause, disconnectWhy } = session;
  switch (STEPS[phaseOf(session)].due) {
    case 'lose':
      end(session, { reason: 0, why: disconnectWhy, sendWill: true, ms, cause }, sink);
      return;
    case 'send-will':
      sendWill(session, { ms, cause }, sink);
      return;
    default:
      session.expiryS = 0;
  }
}

/** Leaves of a session that is over what its device's twin says of it. */
export function strip(session: Session): void {
  session.subscriptions.clear();
  session.received.clear();
  session.outgoing.clear();
  session.cursor = [];
  session.viewCursor = [];
  session.inFlight = undefined;
  session.parted = false;
  session.resumed = false;
  session.previousConnection = 0;
  session.previousEdgeEpoch = 0;
}

/** Sixteen times are kept while it flaps, fewer otherwise, so the list says which it is. */
export function isFlapping({ recentConnectsMs }: Pick<Session, 'recentConnectsMs'>): boolean {
  return recentConnectsMs.length > FLAPPING_CONNECTS;
}

interface Ending {
  readonly reason: number;
  readonly why: string;
  readonly sendWill: boolean;
  readonly ms: number;
  readonly cause: number;
}

function end(session: Session, { cause, ms, reason, sendWill: withWill, why }: Ending, sink: SessionSink): void {
  session.connected = false;
  session.orphaned = false;
  session.disconnectedMs = ms;
  session.disconnectReason = reason;
  session.disconnectWhy = why;
  session.cause = cause;
  if (!withWill) session.will = undefined;
  sink.tell(session, { state: 'disconnected', connection: session.connection, ms, reason, why });
}

function sendWill(session: Session | undefined, at: { readonly ms: number; readonly cause: number }, sink: SessionSink): void {
  const will = session?.will;
  if (session === undefined || will === undefined) return;
  session.will = undefined;
  sink.send(session, will, at);
  sink.tell(session, { state: 'will', connection: session.connection, ms: at.ms, topic: will.topic });
}

/** Once flapping, it is calm again only when a minute has passed between two connects. */
function noteConnect(session: Session, recent: readonly number[], sink: SessionSink): void {
  const { connection, connectedMs: ms } = session;
  const wasFlapping = recent.length > FLAPPING_CONNECTS;
  const isCalm = ms - (recent.at(-1) ?? 0) > FLAPPING_MS;
  const kept = wasFlapping ? recent.slice(1) : recent.filter((one) => ms - one < FLAPPING_MS);
  session.recentConnectsMs = isCalm ? [ms] : [...kept, ms];
  if (wasFlapping === isFlapping(session)) return;
  sink.tell(session, { state: wasFlapping ? 'calm' : 'flapping', connection, ms });
}
