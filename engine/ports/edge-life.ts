/**
 * Which edge processes are alive, by the number under which each announced itself. A key that an edge renews says that it
 * lives; a key that an owner makes, and that is never taken back, says that it is taken for dead.
 */

/** An edge's own side. */
export interface EdgeMark {
  /** Makes the edge known as alive for a few seconds from now. Rejects when that can't be said. */
  beat(epoch: number): Promise<void>;
  /** Whether somebody declared the edge dead. Rejects when that can't be asked. */
  isGone(epoch: number): Promise<boolean>;
  /** It ends: it is not alive any more. */
  leave(epoch: number): Promise<void>;
}

/** The side of those who watch. */
export interface EdgeLives {
  /** Rejects when that can't be asked: then nothing is known of the edge. */
  isAlive(epoch: number): Promise<boolean>;
  /** Rejects when that can't be asked. */
  isGone(epoch: number): Promise<boolean>;
  /** For ever. Resolves when it is written down, by whomever. */
  declareGone(epoch: number): Promise<void>;
}
