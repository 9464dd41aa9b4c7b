/**
 * Whose turn it is when a lane has room again: deficit round robin in bytes over tenants. However many connections a tenant
 * has, or how large its messages are, each that waits gets the same bytes in a round.
 *
 * A turn may overdraw by one offer, because nothing smaller than an offer can be taken; the next turns pay for it.
 */

/** What a tenant may put in a turn: a few large messages, an eighth of a batch. */
export const QUANTUM_BYTES = 64 * 1024;

interface Queue {
  readonly tenant: string;
  readonly waiters: (() => void)[];
  /** Bytes it may still put; below zero where it put more. */
  deficit: number;
}

/** What the turns are about. */
export interface TurnLane {
  /** Bytes that the lane took since it began; grows with every offer. */
  takenBytes(): number;
  /** Whether anything small would be taken. */
  hasRoom(): boolean;
}

export class FairTurns {
  readonly #lane: TurnLane;
  /** In the order of their turns. */
  #queues: Queue[] = [];
  #byTenant = new Map<string, Queue>();
  #turn: { readonly queue: Queue; readonly fromBytes: number; promisedBytes: number } | undefined;

  constructor(lane: TurnLane) {
    this.#lane = lane;
  }

  get isEmpty(): boolean {
    return this.#queues.length === 0;
  }

  /** Whether somebody who isn't called now would jump the queue, or who is has had its share. */
  get isClosed(): boolean {
    const turn = this.#turn;
    if (turn === undefined) return this.#queues.length > 0;
    const taken = this.#lane.takenBytes() - turn.fromBytes;
    return taken > 0 && taken >= Math.max(turn.queue.deficit, turn.promisedBytes);
  }

  /** The lane has room for so many bytes at once: whose turn it is may put all of them. */
  promise(bytes: number): void {
    const turn = this.#turn;
    if (turn !== undefined) turn.promisedBytes = this.#lane.takenBytes() - turn.fromBytes + bytes;
  }

  wait(tenant: string, callback: () => void): void {
    const known = this.#byTenant.get(tenant);
    if (known !== undefined) {
      known.waiters.push(callback);
      return;
    }
    const queue: Queue = { tenant, waiters: [callback], deficit: 0 };
    this.#byTenant.set(tenant, queue);
    this.#queues.push(queue);
  }

  /** Whether somebody's turn is on. */
  get isRunning(): boolean {
    return this.#turn !== undefined;
  }

  /** Calls waiters back, tenant by tenant, until the lane is full, nobody waits, or all that wait need more room than there is. */
  run(): void {
    if (this.#turn !== undefined) return;
    let idle = 0;
    while (idle < this.#queues.length && this.#lane.hasRoom()) {
      const queue = this.#queues.shift();
      if (queue === undefined) return;
      queue.deficit += QUANTUM_BYTES;
      const fromBytes = this.#lane.takenBytes();
      this.#serve(queue);
      const isIdle = queue.deficit > 0 && this.#lane.takenBytes() === fromBytes;
      idle = isIdle ? idle + 1 : 0;
      // Who could put nothing saves nothing up.
      if (isIdle) queue.deficit = Math.min(queue.deficit, QUANTUM_BYTES);
      // Who still waits has the rest of its share next time; who doesn't begins anew.
      if (queue.waiters.length > 0) this.#queues.push(queue);
      else this.#byTenant.delete(queue.tenant);
    }
  }

  #serve(queue: Queue): void {
    let left = queue.waiters.length;
    // Who comes back to the queue during the turn waits for the next.
    while (left-- > 0 && queue.deficit > 0 && this.#lane.hasRoom()) {
      const callback = queue.waiters.shift();
      if (callback === undefined) break;
      const fromBytes = this.#lane.takenBytes();
      this.#turn = { queue, fromBytes, promisedBytes: 0 };
      try {
        callback();
      } finally {
        this.#turn = undefined;
      }
      queue.deficit -= this.#lane.takenBytes() - fromBytes;
    }
  }
}
