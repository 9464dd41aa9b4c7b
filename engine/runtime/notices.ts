/**
 * Tells connections what became of events that were acknowledged and not accepted, once the record that says so is
 * committed. A courtesy: each is sent once, to a connection that is there now, and nobody waits for the answer. The event's
 * row stays the one place that says it for ever.
 */
import type { FoldResult, Notice } from '../../workers/protocol.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Downlinks } from './downlinks.ts';

/** News that comes later than this is no help to who debugs; clocks of machines may differ by less. */
const NOTICE_MS_MAX = 5_000;
/** On their way at a time, a partition: an edge that doesn't answer keeps a place for as long as a notice is news. */
export const NOTICES_IN_FLIGHT_MAX = 256;

export interface NoticesParts {
  readonly clock: Clock;
  /** Hears how many lines nobody is told, because there were too many. */
  readonly onUntold: (reports: number) => void;
}

export class Notices {
  readonly #parts: NoticesParts;
  readonly #downlinks: Pick<Downlinks, 'send'>;
  #inFlight = 0;

  constructor(parts: NoticesParts, downlinks: Pick<Downlinks, 'send'>) {
    this.#parts = parts;
    this.#downlinks = downlinks;
  }

  /** Of a task whose record is committed. Returns at once. */
  tell({ notices, untold }: Pick<FoldResult, 'notices' | 'untold'>): void {
    let unsent = untold;
    for (const notice of notices) {
      if (this.#inFlight < NOTICES_IN_FLIGHT_MAX) this.#send(notice);
      else unsent += notice.reports.length;
    }
    if (unsent > 0) this.#parts.onUntold(unsent);
  }

  #send({ connection, edgeEpoch, reports, session, tenant }: Notice): void {
    this.#inFlight += 1;
    const deadlineMs = this.#parts.clock.now() + NOTICE_MS_MAX;
    const over = (): void => void (this.#inFlight -= 1);
    this.#downlinks.send({ tenant, session, connection, edgeEpoch, what: { reports: { reports } }, deadlineMs }).then(over, over);
  }
}
