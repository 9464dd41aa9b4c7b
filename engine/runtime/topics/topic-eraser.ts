/**
 * Makes the topic trees forget a device: a mark in the log of every topic partition, upon which its keeper removes what the
 * device has retained there. The mark is read again by whoever starts anew, so nothing has to be remembered of it; twice does
 * no harm.
 */
import { KIND, VIA } from '../../../schemas/envelope.ts';
import { encodeEventBatch } from '../../../schemas/gen/lean.ts';
import type { RetainedMessages, TopicLogKeeper, TopicLogReader } from '../../ports/topic-log.ts';

/** Matches nothing, and is asked of every partition: no topic that begins with `$` is published. */
const NOTHING = '$erased/+';
/** Keepers that aren't there now are asked again at the next look. */
const ASK_MS_MAX = 1_000;

export interface ForgottenDevice {
  readonly tenant: string;
  readonly device: string;
}

export interface TopicEraserParts {
  readonly topics: Pick<TopicLogReader, 'bounds' | 'partitions'> & Pick<TopicLogKeeper, 'appendAll'>;
  readonly retained: Pick<RetainedMessages, 'find'>;
}

export class TopicEraser {
  readonly #parts: TopicEraserParts;

  constructor(parts: TopicEraserParts) {
    this.#parts = parts;
  }

  /** By partition, a message at or behind the mark; undefined: some mark may not be there. */
  async mark({ device, tenant }: ForgottenDevice): Promise<readonly number[] | undefined> {
    const { topics } = this.#parts;
    const mark = encodeEventBatch({ events: [{ tenant, device, kind: KIND.erased, via: VIA.internal }] });
    const seqs: number[] = [];
    for (let partition = 0; partition < topics.partitions; partition++) {
      if (!(await topics.appendAll(partition, [mark]))) return undefined;
      seqs.push((await topics.bounds(partition)).lastSeq);
    }
    return seqs;
  }

  /** Whether every partition's keeper has taken in its mark. */
  async isForgotten({ tenant }: ForgottenDevice, minSeqs: readonly number[]): Promise<boolean> {
    try {
      await Array.fromAsync(this.#parts.retained.find({ tenant, filter: NOTHING, minSeqs, timeoutMs: ASK_MS_MAX }));
      return true;
    } catch {
      return false;
    }
  }
}
