/**
 * Power loss in the sink's world: a control log comes back as it once was, and ClickHouse may be ahead of it. What the
 * owner does then is here as one step: it makes the lost records again where the input log still has their messages, and
 * gives their positions up where it doesn't. Either way it goes on behind ClickHouse's last row.
 */
import type { SinkInput, SinkPlan } from '../../../engine/domain/sink-plan.ts';
import type { Step, World } from './sink-world-types.ts';

/** `off` is the world with everything stopped. */
export function lossSteps(world: World, off: World, out: Step[]): void {
  for (const [partition, past] of world.past.entries()) {
    for (const log of past) {
      const next = { ...off, logs: off.logs.with(partition, log), lossesLeft: world.lossesLeft - 1, hasLost: true };
      out.push({ label: `power is lost, and with it the log of ${partition} from ${log.seq + 1} on`, next });
    }
  }
}

/** Writes down what a step changed in the control logs, for as long as a loss may bring it back. */
export function remembering(before: World, next: World): World {
  if (next.lossesLeft === 0) return next.past.some((past) => past.length > 0) ? { ...next, past: next.past.map(() => []) } : next;
  const past = next.past.map((states, partition) => {
    const was = before.logs[partition];
    const is = next.logs[partition];
    if (was === undefined || is === undefined || was === is) return states;
    return [...states, was].filter((state) => state.seq < is.seq);
  });
  return { ...next, past };
}

/** The sink is attached anew behind the rows that are there. */
export function mended(before: SinkPlan, partition: number, maxLogSeq: number): SinkInput {
  const epoch = before.partitions.find((p) => p.partition === partition)?.epoch ?? 0;
  const sink = { hwm: maxLogSeq, hwmLogSeq: maxLogSeq, intent: undefined };
  return { kind: 'attached', partition, epoch, sink, previousInstances: [] };
}
