/** Several messages into one stream, all or none: JetStream's atomic batch, fenced by the stream's last sequence. */
import { headers, nuid } from '@nats-io/transport-node';
import { assert } from '../kernel/assert.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';

export interface BatchMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly ttlS?: number | undefined;
}

const EXPECTED_LAST_SEQUENCE = 'Nats-Expected-Last-Sequence';
const BATCH_ID = 'Nats-Batch-Id';
const BATCH_SEQUENCE = 'Nats-Batch-Sequence';
const BATCH_COMMIT = 'Nats-Batch-Commit';
const TTL = 'Nats-TTL';

/** Answers the last message's sequence. Without `expectedLastSeq` it is not fenced. */
export async function publishBatch(
  publisher: AckedPublisher,
  messages: readonly BatchMessage[],
  expectedLastSeq?: number,
): Promise<PublishAnswer> {
  assert(messages.length > 0, 'a batch has messages');
  const id = nuid.next();
  return new Promise((resolve) => {
    for (const [i, { subject, data, ttlS }] of messages.entries()) {
      const head = headers();
      if (i === 0 && expectedLastSeq !== undefined) head.set(EXPECTED_LAST_SEQUENCE, String(expectedLastSeq));
      if (ttlS !== undefined) head.set(TTL, `${ttlS}s`);
      if (messages.length > 1) {
        head.set(BATCH_ID, id);
        head.set(BATCH_SEQUENCE, String(i + 1));
      }
      if (i < messages.length - 1) {
        if (!publisher.send({ subject, data, headers: head })) return resolve({ kind: 'unknown' });
        continue;
      }
      if (messages.length > 1) head.set(BATCH_COMMIT, '1');
      publisher.publish({ subject, data, headers: head }, resolve);
    }
  });
}
