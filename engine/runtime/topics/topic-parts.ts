/** What the keeper of a topic partition is given. */
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../observability/log.ts';
import type { TopicLogKeeper, TopicLogReader } from '../../ports/topic-log.ts';
import type { TopicStore } from '../../ports/topic-store.ts';
import type { KnownEnds } from '../log-ends.ts';

export interface TopicKeeperParts {
  readonly partition: number;
  /** This process. */
  readonly instance: string;
  readonly log: Log;
  readonly topics: TopicLogReader & TopicLogKeeper;
  readonly retained: TopicStore;
  readonly index: TopicStore;
  readonly clock: Clock;
  /** The server process that the log is on now. */
  readonly serverId: () => string;
  /** Whether the lease has a second left: questions are answered only then. */
  readonly leaseFresh: () => boolean;
  /** How far the topic partitions' logs are known to have gone; it outlasts keepers. */
  readonly ends: KnownEnds;
  /** Retained messages that a tenant may have in this partition. */
  readonly retainedMax: number;
  readonly retentionMs: number;
  /** Entries of a small segment of the index; the product's by default. */
  readonly segmentEntries?: number;
}
