/** Packs messages of the input log into the one buffer that crosses to a worker. */
import type { MessageFrames } from '../../workers/protocol.ts';
import type { SpareBuffers } from '../../workers/spare-buffers.ts';
import type { LogMessage } from '../ports/input-log.ts';

/** Rows are about twice as long as the events they are made of, and are made in the frames of an earlier task. */
const ROWS_PER_FRAMES = 2.5;

/** With `spares` the frames lie in one of them, which goes with the task. */
export function packFrames(messages: readonly LogMessage[], spares?: SpareBuffers): MessageFrames {
  const count = messages.length;
  const seqs = new Float64Array(count);
  const timesMs = new Float64Array(count);
  const ends = new Uint32Array(count);
  let end = 0;
  for (const message of messages) end += message.data.length;
  const bytes = spares === undefined ? new Uint8Array(end) : new Uint8Array(spares.take(end * ROWS_PER_FRAMES), 0, end);
  let at = 0;
  let i = 0;
  for (const message of messages) {
    bytes.set(message.data, at);
    at += message.data.length;
    seqs[i] = message.seq;
    timesMs[i] = message.timeMs;
    ends[i] = at;
    i++;
  }
  return { count, seqs, timesMs, ends, bytes, ...(spares === undefined ? {} : { handedOver: true }) };
}
