/** When credentials were used last: a stream that forgets its oldest, because what counts is told again. */
import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { AckedPublisher } from './acked-publisher.ts';
import { NatsInputLog } from './input-log.ts';

const STREAM = 'USED';
const SUBJECTS = 'used.>';
/** A million names. */
const BYTES_MAX = 64 * 1024 * 1024;

export class NatsUsedLog {
  readonly #publisher: AckedPublisher;
  readonly #subject: string;
  readonly #reader: NatsInputLog;

  private constructor(publisher: AckedPublisher, subject: string, reader: NatsInputLog) {
    this.#publisher = publisher;
    this.#subject = subject;
    this.#reader = reader;
  }

  static async on(
    connection: NatsConnection,
    publisher: AckedPublisher,
    options: { readonly edge: string; readonly replicas: number },
  ): Promise<NatsUsedLog> {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name: STREAM,
      subjects: [SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_bytes: BYTES_MAX,
      num_replicas: options.replicas,
    });
    const token = options.edge.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    return new NatsUsedLog(publisher, `used.${token}`, await NatsInputLog.on(connection));
  }

  async append(data: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#publisher.publish({ subject: this.#subject, data }, (answer) => {
        if (answer.kind === 'stored') resolve();
        else reject(new Error(`not stored: ${answer.kind}`));
      });
    });
  }

  follow(onEntry: (data: Uint8Array) => void): { stop(): Promise<void> } {
    const follower = this.#reader.followStream(STREAM, 1);
    const done = (async (): Promise<void> => {
      for await (const message of follower) onEntry(message.data);
    })();
    return {
      stop: async () => {
        follower.stop();
        await done;
      },
    };
  }
}
