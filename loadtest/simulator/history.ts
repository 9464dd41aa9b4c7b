/**
 * The history of a run: what was attempted and what became of it, in order. Only `ok` creates an obligation; `fail` says
 * that an attempt was definitely refused, `info` that nobody knows. Kept in a file of fixed records beside a JSON head, so
 * that a run of millions of events can be checked again later.
 */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

import type { Plan } from './payload.ts';

export const INVOKE = 0;
export const OK = 1;
export const FAIL = 2;
export const INFO = 3;
export type Step = typeof INVOKE | typeof OK | typeof FAIL | typeof INFO;

/** Where the log said that an event is; seq 0: the acknowledgement named no position. */
export interface AckedAt {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
}

export const NO_POSITION: AckedAt = { partition: 0, seq: 0, index: 0 };

export interface HistoryHead {
  readonly plan: Plan;
  readonly tenant: string;
  /** Device names; records name devices by their place here. */
  readonly devices: readonly string[];
}

export interface HistoryEntry {
  readonly step: Step;
  readonly device: number;
  readonly n: number;
  readonly at: AckedAt;
}

/** step u8, unused u8, partition u16, device u32, n u32, index u32, seq f64. */
const RECORD_BYTES = 24;
/** Written out in one go when full; a crash of the simulator itself ends the run anyhow. */
const BUFFER_RECORDS = 8_192;

export class HistoryWriter {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(RECORD_BYTES * BUFFER_RECORDS);
  #at = 0;
  readonly counts = { invoke: 0, ok: 0, fail: 0, info: 0 };

  /** Creates `<path>` and `<path>.json`; entries of an earlier run at the same place are lost. */
  constructor(path: string, head: HistoryHead) {
    writeFileSync(`${path}.json`, JSON.stringify(head));
    this.#fd = openSync(path, 'w');
  }

  invoke(device: number, n: number): void {
    this.counts.invoke += 1;
    this.#append(INVOKE, device, n);
  }

  ok(device: number, n: number, at: AckedAt): void {
    this.counts.ok += 1;
    const offset = this.#append(OK, device, n);
    this.#buffer.writeUInt16LE(at.partition, offset + 2);
    this.#buffer.writeUInt32LE(at.index, offset + 12);
    this.#buffer.writeDoubleLE(at.seq, offset + 16);
  }

  fail(device: number, n: number): void {
    this.counts.fail += 1;
    this.#append(FAIL, device, n);
  }

  info(device: number, n: number): void {
    this.counts.info += 1;
    this.#append(INFO, device, n);
  }

  flush(): void {
    if (this.#at > 0) writeSync(this.#fd, this.#buffer, 0, this.#at);
    this.#at = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  #append(step: Step, device: number, n: number): number {
    if (this.#at === this.#buffer.length) this.flush();
    const offset = this.#at;
    this.#buffer.fill(0, offset, offset + RECORD_BYTES);
    this.#buffer.writeUInt8(step, offset);
    this.#buffer.writeUInt32LE(device, offset + 4);
    this.#buffer.writeUInt32LE(n, offset + 8);
    this.#at += RECORD_BYTES;
    return offset;
  }
}

export function readHistoryHead(path: string): HistoryHead {
  return JSON.parse(readFileSync(`${path}.json`, 'utf8')) as HistoryHead;
}

export function* readHistory(path: string): Generator<HistoryEntry> {
  const bytes = readFileSync(path);
  for (let offset = 0; offset + RECORD_BYTES <= bytes.length; offset += RECORD_BYTES) {
    yield {
      step: bytes.readUInt8(offset) as Step,
      device: bytes.readUInt32LE(offset + 4),
      n: bytes.readUInt32LE(offset + 8),
      at: { partition: bytes.readUInt16LE(offset + 2), seq: bytes.readDoubleLE(offset + 16), index: bytes.readUInt32LE(offset + 12) },
    };
  }
}
