/** Appends batches to the input streams, or to the topic trees'; what JetStream answers is translated into the few cases a lane acts on. */
import type { AppendResult, BatchAppender } from '../ports/input-log.ts';
import type { AckedPublisher, PublishAnswer } from './acked-publisher.ts';
import { inputSubject } from './names.ts';

// JetStream error codes: stream limits, server's storage full, message too large, too many buffered.
export const FULL_CODES: ReadonlySet<number> = new Set([10077, 10023, 10047, 10028]);
const TOO_LARGE_CODE = 10054;
const BUSY_CODE = 10167;

export class NatsBatchAppender implements BatchAppender {
  readonly #publisher: AckedPublisher;
  readonly #subjectOf: (partition: number) => string;

  constructor(publisher: AckedPublisher, subjectOf: (partition: number) => string = inputSubject) {
    this.#publisher = publisher;
    this.#subjectOf = subjectOf;
  }

  append(partition: number, data: Uint8Array, done: (result: AppendResult) => void): void {
    this.#publisher.publish({ subject: this.#subjectOf(partition), data }, (answer) => done(appendResult(answer)));
  }

  connected(): boolean {
    return this.#publisher.connected();
  }

  onReconnect(callback: (serverId: string) => void): void {
    this.#publisher.onReconnect(callback);
  }
}

function appendResult(answer: PublishAnswer): AppendResult {
  switch (answer.kind) {
    case 'stored':
      return { ok: true, seq: answer.seq };
    case 'unknown':
      return { ok: false, why: 'unknown' };
    case 'no-stream':
      return { ok: false, why: 'no-stream' };
    case 'refused':
      if (FULL_CODES.has(answer.code)) return { ok: false, why: 'full' };
      if (answer.code === TOO_LARGE_CODE) return { ok: false, why: 'too-large' };
      if (answer.code === BUSY_CODE) return { ok: false, why: 'busy' };
      // Anything else is the server in trouble (a write error, a lost leader): it may yet have been stored.
      return { ok: false, why: 'unknown' };
  }
}
