/** The control log in JetStream: each append names the sequence it expects to follow, so a stale owner is refused. */
import { headers } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { ControlEntry, ControlLog } from '../ports/control-log.ts';
import type { AckedPublisher } from './acked-publisher.ts';
import type { NatsInputLog } from './input-log.ts';
import { controlStream, controlSubject } from './names.ts';

const EXPECTED_LAST_SEQUENCE = 'Nats-Expected-Last-Sequence';
const WRONG_LAST_SEQUENCE = 10071;

export class NatsControlLog implements ControlLog {
  readonly #publisher: AckedPublisher;
  readonly #reader: NatsInputLog;

  constructor(publisher: AckedPublisher, reader: NatsInputLog) {
    this.#publisher = publisher;
    this.#reader = reader;
  }

  async lastSeq(partition: number): Promise<number> {
    return (await this.#reader.boundsOfStream(controlStream(partition))).lastSeq;
  }

  async get(partition: number, seq: number): Promise<ControlEntry | undefined> {
    return this.#reader.getOfStream(controlStream(partition), seq);
  }

  async *range(partition: number, from: number, to: number): AsyncIterable<ControlEntry> {
    yield* this.#reader.rangeOfStream(controlStream(partition), from, to);
  }

  async append(partition: number, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    const fence = headers();
    fence.set(EXPECTED_LAST_SEQUENCE, String(expectedLastSeq));
    return new Promise((resolve, reject) => {
      this.#publisher.publish({ subject: controlSubject(partition), data, headers: fence }, (answer) => {
        if (answer.kind === 'stored') resolve(answer.seq);
        else if (answer.kind === 'refused' && answer.code === WRONG_LAST_SEQUENCE) {
          reject(
            new TwinfoldError('fenced', `partition ${partition}: somebody else wrote the control log (${answer.description})`, {
              domain: 'internal',
              retryable: true,
            }),
          );
        } else {
          const what = answer.kind === 'refused' ? `refused: ${answer.description} (${answer.code})` : answer.kind;
          reject(
            new TwinfoldError('unknown-outcome', `partition ${partition}: the control log's append is ${what}`, {
              domain: 'external',
              retryable: true,
            }),
          );
        }
      });
    });
  }

  async purge(partition: number, seq: number): Promise<void> {
    await this.#reader.purgeStream(controlStream(partition), seq);
  }
}
