/**
 * Where connections begin: each is an event of its session's partition, and a client that goes on with a session hears from
 * the partition's owner what that was. What another edge, which holds the session still, has not said of it yet is asked
 * there, and the connection there ends. Every connection is told to all edges, too: of those that a session has, the one
 * with the highest number stays.
 */
import type { ConnectedInit, SessionChange, SessionChangeInit, SessionState } from '../../schemas/gen/lean.ts';
import { decodeSessionState, DOWNLINK_CODE } from '../../schemas/gen/lean.ts';
import { seqOfPlace } from '../../engine/kernel/position.ts';
import type { AskClient, Asked } from '../../engine/ports/ask.ts';
import type { DownlinkSender } from '../../engine/ports/downlink.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';
import type { LiveSession } from '../downlink/downlink-desk.ts';
import { ConnectionRecord, type RecordKeeper } from './connection-record.ts';
import { SessionGossip, type Findable } from './session-gossip.ts';
import { mergeChange } from './session-merge.ts';
import type { SessionLog, SessionName } from './session-log.ts';

export interface SessionDeskParts {
  readonly log: SessionLog;
  readonly ask: Pick<AskClient, 'session'>;
  readonly downlinks: DownlinkSender;
  readonly gossip: EdgeGossip;
  readonly edgeEpoch: number;
  readonly now: () => number;
  /** Whether what is said of the partition's sessions leaves at once. */
  readonly isLaneOpen: (partition: number) => boolean;
}

/** `unavailable`: nobody could say in time what the session was, or the log takes nothing. */
export type Entered =
  | { readonly kind: 'new' }
  | { readonly kind: 'session'; readonly state: SessionState }
  | { readonly kind: 'unavailable' };

/** How long a client waits for its session: an owner that is replaced takes seconds. */
const SESSION_MS_MAX = 8_000;
const TAKE_OVER_MS_MAX = 1_000;
const LANE_LOOK_MS = 25;
const FIND_AGAIN_MS = 250;

interface Parted {
  readonly record: ConnectionRecord;
  readonly last: SessionChangeInit;
}

export class SessionDesk implements RecordKeeper {
  readonly #parts: SessionDeskParts;
  readonly #gossip: SessionGossip;
  /** By tenant and session, until the log has the last word. */
  readonly #parted = new Map<string, Parted>();
  #edgeConnections = 0;

  constructor(parts: SessionDeskParts) {
    this.#parts = parts;
    this.#gossip = new SessionGossip(parts.gossip, parts.edgeEpoch);
  }

  /** Where sessions are found that have a connection at this edge. */
  serve(sessions: Findable): void {
    this.#gossip.serve(sessions);
  }

  stop(): void {
    this.#gossip.stop();
  }

  /** So much waits for the log that nobody new should begin anything. */
  get isCrowded(): boolean {
    return this.#parts.log.isCrowded;
  }

  get edgeEpoch(): number {
    return this.#parts.edgeEpoch;
  }

  record(name: SessionName): ConnectionRecord {
    const edgeConnection = ++this.#edgeConnections;
    return new ConnectionRecord(this.#parts.log, { name, edgeConnection, keeper: this });
  }

  /** Begins a connection that doesn't ask what the session was; whoever holds the session elsewhere is told to let go. */
  begin(record: ConnectionRecord, connected: Omit<ConnectedInit, 'edgeConnection'>): void {
    record.begin(connected, (number) => {
      if (number !== undefined) this.#gossip.began(record.name, number);
    });
  }

  /** Begins a connection that goes on with the session, if there is one, or with a new one that is kept. */
  async enter(record: ConnectionRecord, connected: Omit<ConnectedInit, 'edgeConnection'>): Promise<Entered> {
    if (!(await this.#mayBegin(record))) return { kind: 'unavailable' };
    const number = await new Promise<number | undefined>((resolve) => record.begin(connected, resolve));
    if (number === undefined) return { kind: 'unavailable' };
    if (connected.cleanStart === true) {
      this.#gossip.began(record.name, number);
      return { kind: 'new' };
    }
    const asked = await this.#ask(record, number);
    const state = asked.ok && asked.value !== undefined ? decodeSessionState(asked.value) : undefined;
    if (state === undefined) return { kind: 'unavailable' };
    // Another connection has come meanwhile: the session is that one's.
    if (state.connection !== number) return { kind: 'unavailable' };
    const last = await this.#takeOver(record.name, state);
    // Its client is gone again, and nobody else knows what the one before has said to us alone.
    if (record.isEnded && last !== undefined) this.#parts.log.changed(record.name, number, { change: last, said: () => undefined });
    // Not before the last word was heard.
    this.#gossip.began(record.name, number);
    return { kind: 'session', state: last === undefined ? state : mergeChange(state, last) };
  }

  /**
   * A beginning that waits here for a lane to open could come after another one, that its client has made elsewhere meanwhile, and
   * take the session away from that: it isn't said before, nor if the client has gone.
   */
  async #mayBegin(record: ConnectionRecord): Promise<boolean> {
    const { isLaneOpen, now } = this.#parts;
    const untilMs = now() + SESSION_MS_MAX;
    while (!isLaneOpen(record.name.partition)) {
      if (record.isEnded || now() > untilMs) return false;
      await new Promise((resolve) => setTimeout(resolve, LANE_LOOK_MS));
    }
    return !record.isEnded;
  }

  /** What the session is, or was when the log had what stands at the place. */
  async #ask({ name }: ConnectionRecord, place: number): Promise<Asked<Uint8Array | undefined>> {
    const { partition, session, tenant } = name;
    return this.#parts.ask.session(partition, { tenant, session }, { minSeq: seqOfPlace(place), timeoutMs: SESSION_MS_MAX });
  }

  /** The fold has taken the first of two beginnings for the connection's; which that was, it says. */
  async find(record: ConnectionRecord, place: number): Promise<number> {
    while (!record.isEnded) {
      const asked = await this.#ask(record, place);
      const state = asked.ok && asked.value !== undefined ? decodeSessionState(asked.value) : undefined;
      const isOurs = state?.edgeEpoch === this.#parts.edgeEpoch && state.edgeConnection === record.edgeConnection;
      if (asked.ok) return isOurs ? state.connection : place;
      await new Promise((resolve) => setTimeout(resolve, FIND_AGAIN_MS));
    }
    return place;
  }

  parting(record: ConnectionRecord, last: SessionChangeInit): () => void {
    const key = keyOf(record.name);
    const parted = { record, last };
    this.#parted.set(key, parted);
    return () => {
      if (this.#parted.get(key) === parted) this.#parted.delete(key);
    };
  }

  /** A session whose connection here has ended, though the log doesn't know yet: whoever takes it up hears its last word. */
  parted(tenant: string, session: string): LiveSession | undefined {
    const parted = this.#parted.get(keyOf({ tenant, session }));
    if (parted === undefined) return undefined;
    return {
      connection: parted.record.number,
      publish: () => Promise.resolve(DOWNLINK_CODE.offline),
      takeOver: () => Promise.resolve(parted.last),
      close: () => undefined,
    };
  }

  /** What the edge that held the session has not said yet. */
  async #takeOver({ session, tenant }: SessionName, state: SessionState): Promise<SessionChange | undefined> {
    const { downlinks, edgeEpoch, now } = this.#parts;
    const { previousConnection, previousEdgeEpoch } = state;
    if (previousConnection === 0 || previousEdgeEpoch === 0 || previousEdgeEpoch === edgeEpoch) return undefined;
    const deadlineMs = now() + TAKE_OVER_MS_MAX;
    const downlink = { tenant, session, connection: previousConnection, deadlineMs, takeOver: true };
    const answer = await downlinks.send(previousEdgeEpoch, downlink, TAKE_OVER_MS_MAX);
    return answer.kind === 'reply' ? answer.reply.last : undefined;
  }
}

/** Tenants have no slash in them. */
function keyOf({ session, tenant }: { readonly tenant: string; readonly session: string }): string {
  return `${tenant}/${session}`;
}
