/** The ticket of a retained QoS 2 message that the log is to know: in flight it goes by its place, which is behind every cursor. */
import type { Ticket } from '../broker/shared-group.ts';
import type { MessagePlace } from '../broker/topic-message.ts';

export interface RetainedTicket extends Ticket {
  /** Where it stands in the topic streams, or stood. */
  readonly retainedAt: MessagePlace;
}

/** Undefined: of another message. */
export function retainedPlaceOf(ticket: Ticket): MessagePlace | undefined {
  return isRetainedTicket(ticket) ? ticket.retainedAt : undefined;
}

function isRetainedTicket(ticket: Ticket): ticket is RetainedTicket {
  return 'retainedAt' in ticket;
}
