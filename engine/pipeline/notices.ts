/**
 * What devices are to be told of events that they have an acknowledgement for, and that the fold did not take: each a line
 * for `v1/errors` of the connections that may have sent it. Nothing that was decided: no record holds it, and whoever takes
 * the partition over does not say it again. Costs nothing while events are accepted.
 */
import { VIA } from '../../schemas/envelope.ts';
import { KIND } from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import type { EventReport, Notice } from '../../workers/protocol.ts';
import type { Session } from '../domain/session-state.ts';
import type { Sessions } from '../domain/sessions.ts';
import { REASONS } from '../kernel/outcome.ts';
import { formatPosition } from '../kernel/position.ts';
import type { EventPlace, EventView } from './event-view.ts';
import type { MessageReader } from './message-reader.ts';
import { isOpaque, type EventOutcome } from './outcomes.ts';

/** Lines a task: some tens of kilobytes that go from thread to thread. */
export const REPORTS_MAX = 256;
/** Lines a task for one connection, so that one that floods leaves room for others; an edge says no more of them in a second. */
export const SESSION_REPORTS_MAX = 50;
/** Where devices publish what is of this kind; in which format is not known any more. */
const TELEMETRY_TOPIC = 'v1/telemetry';

interface MutableNotice extends Notice {
  readonly reports: EventReport[];
}

/** The event at hand, which was quarantined or rejected. */
export interface TurnedDown {
  readonly view: EventView;
  readonly message: MessageReader;
  readonly place: EventPlace;
  readonly outcome: EventOutcome;
}

export class TaskNotices {
  #made: MutableNotice[] = [];
  #bySession: Map<string, MutableNotice> | undefined;
  #partition = 0;
  #reports = 0;
  /** Lines for which there was no room. */
  untold = 0;

  begin(partition: number): void {
    this.#partition = partition;
    this.#made = [];
    this.#bySession = undefined;
    this.#reports = 0;
    this.untold = 0;
  }

  all(): readonly Notice[] {
    return this.#made;
  }

  /** For the connections of the event's device at the edge that wrote it: which of them spoke is said of few events. */
  note(turnedDown: TurnedDown, sessions: Sessions): void {
    const { message, outcome, place, view } = turnedDown;
    const { bytes, event } = view;
    if (event.via !== VIA.mqtt || isOpaque(outcome) || event.deviceEnd === event.deviceStart) return;
    if (event.kind !== KIND.telemetry && event.kind !== KIND.published) return;
    const tenant = readText(bytes, event.tenantStart, event.tenantEnd);
    const held = sessions.heldOf(tenant, readText(bytes, event.deviceStart, event.deviceEnd), message.edgeEpoch);
    if (held.length === 0) return;
    const speakers = held.filter((session) => maySpeak(session, view));
    if (speakers.length === 0) return;
    const report: EventReport = {
      topic: event.kind === KIND.telemetry ? TELEMETRY_TOPIC : readText(bytes, event.topicStart, event.topicEnd),
      code: REASONS[outcome.reason] ?? '',
      position: formatPosition({ partition: this.#partition, seq: place.seq, index: place.index }),
    };
    for (const session of speakers) this.#add(session, report);
  }

  #add({ connection, edgeEpoch, session, tenant }: Session, report: EventReport): void {
    const key = `${connection} ${tenant}/${session}`;
    this.#bySession ??= new Map();
    let notice = this.#bySession.get(key);
    if (this.#reports >= REPORTS_MAX || (notice?.reports.length ?? 0) >= SESSION_REPORTS_MAX) {
      this.untold += 1;
      return;
    }
    if (notice === undefined) {
      notice = { tenant, session, connection, edgeEpoch, reports: [] };
      this.#bySession.set(key, notice);
      this.#made.push(notice);
    }
    notice.reports.push(report);
    this.#reports += 1;
  }
}

/** Whether the event may be from the session's connection: through the same gateway, and the session's that it names, if it does. */
function maySpeak(session: Session, { bytes, event }: EventView): boolean {
  if (session.via !== VIA.mqtt || session.gateway !== readText(bytes, event.gatewayStart, event.gatewayEnd)) return false;
  if (event.sessionEnd > event.sessionStart && readText(bytes, event.sessionStart, event.sessionEnd) !== session.session) return false;
  return event.connection === 0 || event.connection === session.connection;
}
