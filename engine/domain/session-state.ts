/**
 * One session as it is worked with: what `SessionState` in session.proto says, with its lists by key. Owns the way to and
 * from the encoded state, in which sessions are kept, put into snapshots, and answered to edges.
 */
import { outgoingKey } from '../kernel/position.ts';
import { decodeSessionState, encodeSessionState } from '../../schemas/gen/lean.ts';
import type { Outgoing, SessionState, Subscription, Will } from '../../schemas/gen/lean.ts';

/** Session Expiry Interval of a session that never ends by itself (MQTT 5 §3.1.2.11.2). */
export const EXPIRY_NEVER_S = 4_294_967_295;

type Kept = Omit<SessionState, 'subscriptions' | 'received' | 'cursor' | 'outgoing' | 'viewCursor' | 'recentConnectsMs' | 'will'>;

export interface Session extends Mutable<Kept> {
  will: Will | undefined;
  /** By filter, in the order in which they first came. */
  readonly subscriptions: Map<string, Subscription>;
  readonly received: Set<number>;
  cursor: number[];
  /** By `outgoingKey`, in the order in which they first came, which is that of sending (MQTT-4.6.0-1). */
  readonly outgoing: Map<string, Outgoing>;
  viewCursor: number[];
  recentConnectsMs: readonly number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function newSession(who: { readonly tenant: string; readonly session: string; readonly device: string }): Session {
  return {
    ...who,
    connection: 0,
    connected: false,
    edgeEpoch: 0,
    edgeConnection: 0,
    connectedMs: 0,
    disconnectedMs: 0,
    expiryS: 0,
    keepAliveS: 0,
    level: 0,
    address: '',
    gateway: '',
    will: undefined,
    subscriptions: new Map(),
    received: new Set(),
    cursor: [],
    outgoing: new Map(),
    viewCursor: [],
    resumed: false,
    previousConnection: 0,
    previousEdgeEpoch: 0,
    orphaned: false,
    recentConnectsMs: [],
    disconnectReason: 0,
    disconnectWhy: '',
    firstConnection: 0,
    cause: 0,
    edge: '',
    via: 0,
    inFlight: undefined,
    parted: false,
  };
}

export function encodeSession(session: Session): Uint8Array<ArrayBuffer> {
  return encodeSessionState({
    ...session,
    subscriptions: [...session.subscriptions.values()],
    received: [...session.received],
    outgoing: [...session.outgoing.values()],
  });
}

/** Undefined where the bytes are none. */
export function decodeSession(bytes: Uint8Array, start = 0, end: number = bytes.length): Session | undefined {
  const state = decodeSessionState(bytes, start, end);
  if (state === undefined) return undefined;
  return {
    ...state,
    will: state.will,
    inFlight: state.inFlight,
    subscriptions: new Map(state.subscriptions.map((subscription) => [subscription.filter, subscription])),
    received: new Set(state.received),
    cursor: [...state.cursor],
    outgoing: new Map(state.outgoing.map((message) => [outgoingKey(message), message])),
    viewCursor: [...state.viewCursor],
  };
}

/** Without the letter that tells devices' from applications'. */
export function clientIdOf(session: string): string {
  return session.slice(2);
}
