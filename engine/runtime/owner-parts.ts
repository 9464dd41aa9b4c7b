/** What a partition's owner is given: the ports it works through, and what it shares with the other owners. */
import type { Log } from '../observability/log.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { DownlinkSender } from '../ports/downlink.ts';
import type { FoldPool } from '../ports/fold-pool.ts';
import type { InputLogKeeper, InputLogReader } from '../ports/input-log.ts';
import type { Member } from '../ports/leases.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { TopicEffects } from '../ports/topic-effects.ts';
import type { Killer, OutcomeCounts } from '../../workers/protocol.ts';
import type { SpareBuffers } from '../kernel/spare-buffers.ts';
import type { AnalyticsSink } from '../ports/analytics-sink.ts';
import type { KnownEnds } from './log-ends.ts';
import type { OwnEvents } from './own-events.ts';
import type { Sink } from './sink.ts';

export type OwnerState = 'claiming' | 'recovering' | 'folding' | 'stopped';

export interface OwnerParts {
  readonly partition: number;
  readonly partitions: number;
  readonly member: Member;
  readonly control: ControlLog;
  readonly input: InputLogReader & InputLogKeeper;
  readonly snapshots: Snapshots;
  readonly pool: FoldPool;
  readonly sink: Sink;
  readonly topicEffects: TopicEffects;
  readonly downlinks: DownlinkSender;
  /** The process's own way into the input log. */
  readonly ownEvents: OwnEvents;
  /** Whether somebody declared the edge dead. */
  readonly isEdgeGone: (epoch: number) => boolean;
  /** Buffers that go round between owners, workers and the sink. */
  readonly spares?: SpareBuffers;
  /** Only repairs speak to it past the sink. */
  readonly analytics: AnalyticsSink;
  /** The server process that the log is on now. */
  readonly serverId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly logRetentionMs: number;
  /** A quiet partition is snapshotted this often, so that a restart is quick. */
  readonly snapshotIntervalMs: number;
  /** Whether the lease has a second left: questions are answered only then. */
  readonly leaseFresh: () => boolean;
  /** Events that killed the fold too often. */
  readonly killers: (partition: number) => readonly Killer[];
  /** How far the partitions' logs are known to have gone; shared by all owners of the process. */
  readonly ends: KnownEnds;
  readonly onFolded: (counts: OutcomeCounts) => void;
  /** Reports of events that were not accepted, and that nobody is told because there were too many. */
  readonly onUntold: (reports: number) => void;
}
