/**
 * The fold without a thread, for tests, replay and tools: the same host, and tasks run when they are given. A planted
 * death clears all states, as a thread's death does.
 */
import { dieBefore, PlantedDeath } from './die-on.ts';
import type { DieOn } from './die-on.ts';
import { FoldHost, workerDied } from './fold-host.ts';
import type { FoldReply } from './fold-host.ts';
import type { FoldRunner } from './fold-runner.ts';
import { MARKER_SLOTS } from './protocol.ts';
import type { FoldWorkerTask, Killer } from './protocol.ts';

export class LocalRunner implements FoldRunner {
  readonly #marker = new Float64Array(MARKER_SLOTS);
  readonly #host = new FoldHost(this.#marker);
  readonly #killers = new Map<number, Killer>();
  readonly #dieOn: DieOn | undefined;

  constructor(dieOn: DieOn | undefined) {
    this.#dieOn = dieOn;
  }

  async run(task: FoldWorkerTask): Promise<FoldReply> {
    this.#dieIfPlanted(task);
    const reply = this.#host.run(task);
    if (!reply.ok && reply.killer !== undefined) this.#killers.set(task.partition, reply.killer);
    return reply;
  }

  takeKiller(partition: number): Killer | undefined {
    const killer = this.#killers.get(partition);
    this.#killers.delete(partition);
    return killer;
  }

  async end(): Promise<void> {
    this.#host.clear();
  }

  #dieIfPlanted(task: FoldWorkerTask): void {
    const dieOn = this.#dieOn;
    if (dieOn === undefined) return;
    const marker = this.#marker;
    const die = (): void => {
      this.#killers.set(task.partition, { seq: marker[1] ?? 0, index: marker[2] ?? 0 });
      this.#host.clear();
      throw workerDied('a fold worker died', new PlantedDeath(dieOn.how));
    };
    dieBefore(task, { device: dieOn.device, marker, die });
  }
}
