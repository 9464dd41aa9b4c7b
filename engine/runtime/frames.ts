/** Packs messages of the input log into the one buffer that crosses to a worker. */
import type { MessageFrames } from '../../workers/protocol.ts';
import type { LogMessage } from '../ports/input-log.ts';

export function packFrames(messages: readonly LogMessage[]): MessageFrames {
  const count = messages.length;
  const seqs = new Float64Array(count);
  const timesMs = new Float64Array(count);
  const ends = new Uint32Array(count);
  let end = 0;
  for (const message of messages) end += message.data.length;
  const bytes = new Uint8Array(end);
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
  return { count, seqs, timesMs, ends, bytes };
}

