/** Reads messages of the input log by sequence, through one follower for as long as they are asked for one after another. */
import type { InputLogReader, LogFollower, LogMessage } from '../../engine/ports/input-log.ts';

export class LogCursor {
  readonly #input: InputLogReader;
  readonly #partition: number;
  /** Messages asked for ahead. */
  readonly #ahead: number;
  #follower: LogFollower | undefined;
  #messages: AsyncIterator<LogMessage> | undefined;
  #next = 0;

  constructor(input: InputLogReader, partition: number, ahead: number) {
    this.#input = input;
    this.#partition = partition;
    this.#ahead = ahead;
  }

  /** Waits for the message. Undefined: the cursor was stopped. Rejects with `log-hole` where it is not there any more. */
  async read(seq: number): Promise<LogMessage | undefined> {
    if (this.#messages === undefined || this.#next !== seq) {
      this.stop();
      this.#follower = this.#input.follow(this.#partition, seq, this.#ahead);
      this.#messages = this.#follower[Symbol.asyncIterator]();
    }
    const read = await this.#messages.next();
    if (read.done === true) return undefined;
    this.#next = seq + 1;
    return read.value;
  }

  /** Ends a read that waits. */
  stop(): void {
    this.#follower?.stop();
    this.#follower = undefined;
    this.#messages = undefined;
  }
}
