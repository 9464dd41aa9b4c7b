/**
 * Where connections begin: each is an event of its session's partition, and a client that goes on with a session hears from
 * the partition's owner what that was. What another edge, which holds the session still, has not said of it yet is asked
 * there, and the connection there ends. Every connection is told to all edges, too: of those that a session has, the one
 * with the highest number stays.
 */
import type { ConnectedInit, SessionChange, SessionState } from '../../schemas/gen/lean.ts';
import { decodeSessionState } from '../../schemas/gen/lean.ts';
import { seqOfPlace } from '../../engine/kernel/position.ts';
import type { AskClient, Asked } from '../../engine/ports/ask.ts';
import type { DownlinkSender } from '../../engine/ports/downlink.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';
import { ConnectionRecord } from './connection-record.ts';
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
}

/** `unavailable`: nobody could say in time what the session was, or the log takes nothing. */
export type Entered = { readonly kind: 'session'; readonly state: SessionState } | { readonly kind: 'unavailable' };

/** How long a client waits for its session: an owner that is replaced takes seconds. */
const SESSION_MS_MAX = 8_000;
const TAKE_OVER_MS_MAX = 1_000;
const FIND_AGAIN_MS = 250;

export class SessionDesk {
  readonly #parts: SessionDeskParts;
  readonly #gossip: SessionGossip;
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

  get edgeEpoch(): number {
    return this.#parts.edgeEpoch;
  }

  record(name: SessionName): ConnectionRecord {
    const edgeConnection = ++this.#edgeConnections;
    return new ConnectionRecord(this.#parts.log, { name, edgeConnection, find: async (one, place) => this.#find(one, place) });
  }

  /** Begins a connection that doesn't ask what the session was; whoever holds the session elsewhere is told to let go. */
  begin(record: ConnectionRecord, connected: Omit<ConnectedInit, 'edgeConnection'>): void {
    record.begin(connected, (number) => {
      if (number !== undefined) this.#gossip.began(record.name, number);
    });
  }

  /** Begins a connection that goes on with the session, if there is one. */
  async enter(record: ConnectionRecord, connected: Omit<ConnectedInit, 'edgeConnection'>): Promise<Entered> {
    const number = await new Promise<number | undefined>((resolve) => record.begin(connected, resolve));
    if (number === undefined) return { kind: 'unavailable' };
    const asked = await this.#ask(record, number);
    const state = asked.ok && asked.value !== undefined ? decodeSessionState(asked.value) : undefined;
    if (state === undefined) return { kind: 'unavailable' };
    // Another connection has come meanwhile: the session is that one's.
    if (state.connection !== number) return { kind: 'unavailable' };
    const last = await this.#takeOver(record.name, state);
    // Not before the last word was heard.
    this.#gossip.began(record.name, number);
    return { kind: 'session', state: last === undefined ? state : mergeChange(state, last) };
  }

  /** What the session is, or was when the log had what stands at the place. */
  async #ask({ name }: ConnectionRecord, place: number): Promise<Asked<Uint8Array | undefined>> {
    const { partition, session, tenant } = name;
    return this.#parts.ask.session(partition, { tenant, session }, { minSeq: seqOfPlace(place), timeoutMs: SESSION_MS_MAX });
  }

  /** The fold has taken the first of two beginnings for the connection's; which that was, it says. */
  async #find(record: ConnectionRecord, place: number): Promise<number> {
    while (!record.isEnded) {
      const asked = await this.#ask(record, place);
      const state = asked.ok && asked.value !== undefined ? decodeSessionState(asked.value) : undefined;
      const isOurs = state?.edgeEpoch === this.#parts.edgeEpoch && state.edgeConnection === record.edgeConnection;
      if (asked.ok) return isOurs ? state.connection : place;
      await new Promise((resolve) => setTimeout(resolve, FIND_AGAIN_MS));
    }
    return place;
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
