/** Packs messages of the input log into the one buffer that crosses to a worker. */
import type { MessageFrames } from '../../workers/protocol.ts';
import { SPARE_BYTES_MIN, type SpareBuffers } from '../kernel/spare-buffers.ts';
import { ROWS_PER_FRAMES } from '../pipeline/row-buffer.ts';
import type { LogMessage } from '../ports/input-log.ts';

/** With `spares` the frames, unless they are few, lie in one of them, which goes with the task. */
export function packFrames(messages: readonly LogMessage[], spares?: SpareBuffers): MessageFrames {
  const count = messages.length;
  const seqs = new Float64Array(count);
  const timesMs = new Float64Array(count);
  const ends = new Uint32Array(count);
  let end = 0;
  for (const message of messages) end += message.data.length;
  const spare = end * ROWS_PER_FRAMES < SPARE_BYTES_MIN ? undefined : spares?.take(end * ROWS_PER_FRAMES);
  const bytes = spare === undefined ? new Uint8Array(end) : new Uint8Array(spare, 0, end);
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
  return { count, seqs, timesMs, ends, bytes, ...(spare === undefined ? {} : { handedOver: true }) };
}
