/**
 * What was read of a partition's input log and not folded yet: bounded in bytes, so that a slow fold slows the reading
 * and the rest waits in the log.
 */
import type { LogMessage } from '../ports/input-log.ts';

/** A few of the largest batches; more would only be memory. */
const PENDING_BYTES_MAX = 16 * 1024 * 1024;
/**
 * One task: bounds how long a worker is away from its other partitions, and how large the buffers are that go round.
 * Larger ones would not cost less.
 */
export const TASK_BYTES_MAX = 1024 * 1024;

export class PendingMessages {
  #messages: LogMessage[] = [];
  #bytes = 0;
  #resume: (() => void) | undefined;

  get count(): number {
    return this.#messages.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldestMs(): number | undefined {
    return this.#messages[0]?.timeMs;
  }

  /** Resolves when there is room for more. */
  async add(message: LogMessage): Promise<void> {
    this.#messages.push(message);
    this.#bytes += message.data.length;
    if (this.#bytes < PENDING_BYTES_MAX) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
  }

  take(): readonly LogMessage[] {
    let count = 0;
    let bytes = 0;
    for (const message of this.#messages) {
      if (count > 0 && bytes + message.data.length > TASK_BYTES_MAX) break;
      bytes += message.data.length;
      count++;
    }
    const taken = this.#messages.splice(0, count);
    this.#release(bytes);
    return taken;
  }

  /** What a task did not consume comes first again. */
  putBack(messages: readonly LogMessage[]): void {
    this.#messages = [...messages, ...this.#messages];
    for (const message of messages) this.#bytes += message.data.length;
  }

  clear(): void {
    this.#messages = [];
    this.#release(this.#bytes);
  }

  #release(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes >= PENDING_BYTES_MAX) return;
    this.#resume?.();
    this.#resume = undefined;
  }
}
