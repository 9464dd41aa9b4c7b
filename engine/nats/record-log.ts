/** The control log read from JetStream by those who only read along. */
import type { ControlEntry } from '../ports/control-log.ts';
import type { RecordFollower, RecordLogReader } from '../ports/record-log.ts';
import type { NatsInputLog } from './input-log.ts';
import { controlStream } from './names.ts';

export class NatsRecordLog implements RecordLogReader {
  readonly #reader: NatsInputLog;

  constructor(reader: NatsInputLog) {
    this.#reader = reader;
  }

  follow(partition: number, from: number, ahead?: number): RecordFollower {
    return this.#reader.followStream(controlStream(partition), from, ahead);
  }

  async get(partition: number, seq: number): Promise<ControlEntry | undefined> {
    return this.#reader.getOfStream(controlStream(partition), seq);
  }

  async bounds(partition: number): Promise<{ readonly firstSeq: number; readonly lastSeq: number }> {
    return this.#reader.boundsOfStream(controlStream(partition));
  }
}
