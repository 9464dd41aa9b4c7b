/**
 * What a session's connections before had in flight, sent again in the order in which it was sent, with the identifiers that it
 * had (MQTT-4.4.0-1), before anything else is: the messages are read from the log, a few at a time.
 */
import { matches } from '../../engine/domain/topic-filter.ts';
import { indexOfPlace, placeOf, seqOfPlace } from '../../engine/kernel/position.ts';
import type { LogMessage } from '../../engine/ports/input-log.ts';
import type { SessionState } from '../../schemas/gen/lean.ts';
import type { Broker } from '../broker/broker.ts';
import { deliveryFor, deliveryOf, shareOf, type Subscribed } from '../broker/subscriber.ts';
import { forEachMessage } from '../broker/topic-feed.ts';
import type { TopicMessage } from '../broker/topic-message.ts';
import type { Sending } from './encode-publish.ts';
import type { Flight } from './flights.ts';
import type { Outgoing } from './outgoing.ts';
import { isShared } from './topics.ts';
import { isView } from './views.ts';

export interface ResendingParts {
  readonly broker: Pick<Broker, 'feed' | 'reader'>;
  readonly outgoing: Outgoing;
  /** Whether the client may still have it; else it is counted as dropped. */
  readonly allows: (message: TopicMessage) => boolean;
  /** Shared ones, too. */
  readonly subscriptions: () => Iterable<Subscribed>;
  readonly isClosed: () => boolean;
}

/** Messages of the log that are asked for together. */
const TOGETHER = 8;
const RETRY_MS = 500;
/** How often it is looked whether a client that doesn't read does. */
const ROOM_LOOK_MS = 20;

export class Resending {
  readonly #parts: ResendingParts;
  #wake: (() => void) | undefined;

  constructor(parts: ResendingParts) {
    this.#parts = parts;
  }

  /** Resolves when all were sent once, or the session is closed. */
  async run(): Promise<void> {
    const { isClosed, outgoing } = this.#parts;
    const unsent = outgoing.unsent();
    for (let i = 0; i < unsent.length; i += TOGETHER) {
      const some = unsent.slice(i, i + TOGETHER);
      const batches = await read(this.#parts, some);
      for (const flight of some) {
        while (!outgoing.mayResend && !isClosed()) await this.#room();
        if (isClosed()) return;
        const batch = batches.get(batchOf(flight));
        resendOne(this.#parts, flight, batch === undefined ? undefined : messageAt(batch, flight));
      }
    }
  }

  /** There may be room in the client's window. */
  wake(): void {
    this.#wake?.();
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ROOM_LOOK_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

/**
 * By partition, the place behind which a session that goes on reads: up to there everything is settled, or among what is sent
 * again. Partitions are left out where no subscription is to topics of the tree.
 */
export function placesToGoOn(state: SessionState, partitions: number): Map<number, number> {
  const places = new Map<number, number>();
  const subscriptions = state.subscriptions.filter(({ filter }) => !isShared(filter) && !isView(filter));
  if (subscriptions.length === 0) return places;
  for (let partition = 0; partition < partitions; partition++) {
    // The earliest that any subscription reaches back to.
    const since = Math.min(...subscriptions.map((one) => one.since[partition] ?? 0));
    const reached = Math.max(state.cursor[partition] ?? 0, state.inFlight?.reached[partition] ?? 0);
    places.set(partition, Math.max(placeOf(since + 1, 0) - 1, reached));
  }
  return places;
}

function resendOne({ allows, outgoing, subscriptions }: ResendingParts, flight: Flight, message: TopicMessage | undefined): void {
  if (message === undefined && flight.isRetained) outgoing.park(flight.packetId);
  else {
    const mayHave = message !== undefined && allows(message);
    outgoing.resend(flight.packetId, mayHave ? message : undefined, sendingOf(flight, message, subscriptions()));
  }
}

/** By the subscriptions that there are: those by which it was sent first are not remembered. */
function sendingOf({ isRetained, qos, share }: Flight, message: TopicMessage | undefined, subscriptions: Iterable<Subscribed>): Sending {
  const gave = ({ filter }: Subscribed, topic: string): boolean => (share === 0 ? matches(filter, topic) : shareOf(filter) === share);
  const matching = message === undefined ? [] : [...subscriptions].filter((one) => gave(one, message.topic));
  if (message === undefined || matching.length === 0) return { qos, retain: isRetained, ids: [] };
  const { ids, retainAsPublished } = deliveryFor(message, deliveryOf(matching, matching[0]));
  return { qos, retain: isRetained || (message.retain && retainAsPublished), ids };
}

/** The batches that they stand in, by `batchOf`; one that was purged is left out. */
async function read(parts: ResendingParts, flights: readonly Flight[]): Promise<ReadonlyMap<string, LogMessage>> {
  const wanted = new Map(flights.map((flight) => [batchOf(flight), flight]));
  const batches = new Map<string, LogMessage>();
  await Promise.all(
    Array.from(wanted, async ([key, { partition, place }]) => {
      const batch = await readOne(parts, partition, seqOfPlace(place));
      if (batch !== undefined) batches.set(key, batch);
    }),
  );
  return batches;
}

async function readOne({ broker, isClosed }: ResendingParts, partition: number, seq: number): Promise<LogMessage | undefined> {
  const recent = broker.feed.recent(partition, seq);
  if (recent !== undefined) return recent;
  while (!isClosed()) {
    try {
      return await broker.reader.get(partition, seq);
    } catch {
      // It may be there, and nobody can say so now.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return undefined;
}

function messageAt(batch: LogMessage, { partition, place }: Flight): TopicMessage | undefined {
  let found: TopicMessage | undefined;
  const each = (one: TopicMessage): boolean => {
    if (indexOfPlace(one.place) === indexOfPlace(place)) found = one;
    return found === undefined;
  };
  forEachMessage(partition, batch, { each });
  return found;
}

function batchOf({ partition, place }: Flight): string {
  return `${partition}/${seqOfPlace(place)}`;
}
