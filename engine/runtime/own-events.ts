/**
 * What an engine process itself appends to the input log: that time went on, and that an edge is gone. It is a writer as
 * edges are, with a number of its own and a counter a partition. What it says may be said twice, so a batch that got no
 * answer isn't sent again: whoever needs it says it anew, under the next number.
 */
import { encodeEdgeGone, encodeEventBatch, KIND, VIA } from '../../schemas/gen/lean.ts';
import type { EventInit } from '../../schemas/gen/lean.ts';
import type { Clock } from '../kernel/clock.ts';
import type { BatchAppender } from '../ports/input-log.ts';

export interface OwnEventsParts {
  readonly appender: BatchAppender;
  /** Of this process; no other writer has it. */
  readonly epoch: number;
  /** For people. */
  readonly name: string;
  readonly clock: Clock;
}

export const TICK: EventInit = { kind: KIND.tick, via: VIA.internal };

export function edgeGoneEvent(edgeEpoch: number): EventInit {
  return { kind: KIND.edgeGone, via: VIA.internal, payload: encodeEdgeGone({ edgeEpoch }) };
}

export class OwnEvents {
  readonly #parts: OwnEventsParts;
  readonly #counters = new Map<number, number>();
  readonly #inFlight = new Set<number>();

  constructor(parts: OwnEventsParts) {
    this.#parts = parts;
  }

  /** Answers where they are stored; undefined when they may not be, and while others of the partition are in flight. */
  async append(partition: number, events: readonly EventInit[]): Promise<number | undefined> {
    if (this.#inFlight.has(partition)) return undefined;
    this.#inFlight.add(partition);
    const { appender, clock, epoch, name } = this.#parts;
    const counter = (this.#counters.get(partition) ?? 0) + 1;
    this.#counters.set(partition, counter);
    const openedMs = clock.now();
    const data = encodeEventBatch({
      edgeEpoch: epoch,
      counter,
      edge: name,
      openedMs,
      events: events.map((event) => ({ ...event, receivedMs: openedMs })),
    });
    const seq = await new Promise<number | undefined>((resolve) => {
      appender.append(partition, data, (result) => resolve(result.ok ? result.seq : undefined));
    });
    this.#inFlight.delete(partition);
    return seq;
  }
}
