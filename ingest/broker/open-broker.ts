/** The broker of one edge, put together over the ports: lanes into the topic streams, the feed out of them, and the sessions. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import type { DownlinkSender } from '../../engine/ports/downlink.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';
import type { QuickMessages, RetainedMessages, TopicLogReader } from '../../engine/ports/topic-log.ts';
import type { Intake } from '../message.ts';
import { Broker, type TopicIntake } from './broker.ts';
import { SessionDesk } from './session-desk.ts';
import { SessionLog } from './session-log.ts';
import { SharedGroups } from './shared-groups.ts';

export interface BrokerSideParts {
  readonly reader: TopicLogReader;
  readonly retained: RetainedMessages;
  readonly quick: QuickMessages;
  /** Lanes into the input log, where sessions live. */
  readonly intake: Intake;
  /** Whether what is said of sessions leaves at once; absent: it does. */
  readonly isLaneOpen?: ((partition: number) => boolean) | undefined;
  /** Lanes into the topic streams. */
  readonly topicIntake: TopicIntake;
  readonly ask: Pick<AskClient, 'session'>;
  readonly downlinks: DownlinkSender;
  readonly gossip: EdgeGossip;
  readonly edge: { readonly name: string; readonly epoch: number };
  readonly clock: Clock;
  readonly log: Log;
}

export interface BrokerSide {
  readonly broker: Broker;
  readonly desk: SessionDesk;
  readonly shares: SharedGroups;
  readonly sessionLog: SessionLog;
  stop(): void;
}

export function openBroker(parts: BrokerSideParts): BrokerSide {
  const { ask, clock, downlinks, edge, gossip, intake, log, quick, reader, retained, topicIntake } = parts;
  const broker = new Broker({ reader, retained, quick, intake: topicIntake, edgeEpoch: edge.epoch, edge: edge.name, clock, log });
  const sessionLog = new SessionLog(intake);
  const isLaneOpen = parts.isLaneOpen ?? (() => true);
  const desk = new SessionDesk({ log: sessionLog, ask, downlinks, gossip, isLaneOpen, edgeEpoch: edge.epoch, now: () => clock.now() });
  const shares = new SharedGroups({
    broker,
    desk,
    gossip,
    edgeEpoch: edge.epoch,
    logPartitions: intake.partitions,
    monotonic: () => clock.monotonic(),
  });
  desk.serve(shares);
  const stop = (): void => {
    shares.stop();
    desk.stop();
    broker.stop();
  };
  return { broker, desk, shares, sessionLog, stop };
}
