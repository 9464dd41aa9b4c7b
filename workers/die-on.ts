/**
 * A planted death: a thread that was started with `dieOn` dies as soon as a task brings an event of that device, as if the
 * event had killed the fold. The crash suite arms it by configuration; nothing of it is in the way of an ordinary payload.
 */
import { EventReader } from '../schemas/gen/lean.ts';
import { readText } from '../schemas/wire.ts';
import { MessageReader } from '../engine/pipeline/message-reader.ts';
import type { FoldWorkerTask } from './protocol.ts';

export interface DieOn {
  readonly device: string;
  /** `exit`: the thread ends. `memory`: it fills its heap until it is ended. */
  readonly how: 'exit' | 'memory';
}

export class PlantedDeath extends Error {
  override readonly name = 'PlantedDeath';
}

/** Calls `die` when the task would fold an event of the device; the marker names the event, as the fold's own would. */
export function dieBefore(
  task: FoldWorkerTask,
  planted: { readonly device: string; readonly marker: Float64Array; readonly die: () => void },
): void {
  if (task.op !== 'fold') return;
  const message = new MessageReader();
  const event = new EventReader();
  for (let i = 0; i < task.frames.count; i++) {
    message.read(task.frames, i);
    for (let index = 0; index < message.count; index++) {
      if (!event.read(message.bytes, message.eventStart(index), message.eventEnd(index))) continue;
      if (readText(message.bytes, event.deviceStart, event.deviceEnd) !== planted.device) continue;
      if (task.killers.some((killer) => killer.seq === message.seq && killer.index === index)) continue;
      planted.marker[1] = message.seq;
      planted.marker[2] = index;
      planted.marker[0] = task.partition;
      planted.die();
      return;
    }
  }
}
