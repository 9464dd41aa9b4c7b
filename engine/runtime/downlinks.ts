/**
 * What a partition's owner has to say to connections of its sessions, at whatever edge they are. Each downlink names the
 * owner's epoch, so an edge that has heard of a newer owner refuses an older one, and a deadline, so that nothing is
 * delivered when the owner has given up waiting.
 */
import { DOWNLINK_CODE, type DownlinkInit } from '../../schemas/gen/lean.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DownlinkAnswer, DownlinkSender } from '../ports/downlink.ts';

/** No answer is waited for longer, whatever the deadline. */
const ANSWER_MS_MAX = 30_000;
/** For the answer to what was done at the last moment. */
const ANSWER_MARGIN_MS = 250;

export type Said = Pick<DownlinkInit, 'publish' | 'takeOver' | 'close' | 'reports'>;

export interface DownlinkCall {
  readonly tenant: string;
  /** As `Event.session`. */
  readonly session: string;
  /** The connection's number; another connection of the session refuses. */
  readonly connection: number;
  /** The edge that holds it. */
  readonly edgeEpoch: number;
  readonly what: Said;
  /** Wall clock: later than this nothing is done. */
  readonly deadlineMs: number;
}

/** `not-owner`: nothing was sent, because this owner is not, or no longer, in charge. */
export type DownlinkResult = DownlinkAnswer | { readonly kind: 'not-owner' };

export interface DownlinksParts {
  readonly partition: number;
  readonly sender: DownlinkSender;
  readonly clock: Clock;
  /** This owner's epoch; undefined while it isn't in charge. */
  readonly epoch: () => number | undefined;
  /** An edge has heard of a newer owner. */
  readonly onStale: () => void;
}

export class Downlinks {
  readonly #parts: DownlinksParts;

  constructor(parts: DownlinksParts) {
    this.#parts = parts;
  }

  /** Never rejects. At most once: `unknown` is not tried again. */
  async send(call: DownlinkCall): Promise<DownlinkResult> {
    const { clock, epoch, onStale, partition, sender } = this.#parts;
    const { connection, deadlineMs, edgeEpoch, session, tenant, what } = call;
    const ownerEpoch = epoch();
    if (ownerEpoch === undefined) return { kind: 'not-owner' };
    const timeoutMs = Math.min(ANSWER_MS_MAX, Math.max(0, deadlineMs - clock.now()) + ANSWER_MARGIN_MS);
    const answer = await sender.send(edgeEpoch, { tenant, session, connection, partition, ownerEpoch, deadlineMs, ...what }, timeoutMs);
    if (answer.kind === 'reply' && answer.reply.code === DOWNLINK_CODE.staleOwner) onStale();
    return answer;
  }
}
