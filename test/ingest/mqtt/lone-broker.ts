/**
 * A broker in memory for tests of one edge without an engine: messages reach who is subscribed, but there is nobody to say
 * what a session was, and nothing is retained.
 */
import { MemoryDownlinks } from '../../../engine/memory/memory-downlinks.ts';
import { MemoryEdgeGossip } from '../../../engine/memory/memory-edge-gossip.ts';
import { MemoryInputLog } from '../../../engine/memory/memory-input-log.ts';
import { MemoryQuickMessages, MemoryTopicLog, MemoryTopicStore } from '../../../engine/memory/memory-topic-log.ts';
import type { Clock } from '../../../engine/kernel/clock.ts';
import { silentLog, type Log } from '../../../engine/observability/log.ts';
import type { BatchAppender } from '../../../engine/ports/input-log.ts';
import type { RetainedMessages } from '../../../engine/ports/topic-log.ts';
import { openBroker, type BrokerSide } from '../../../ingest/broker/open-broker.ts';
import type { Intake } from '../../../ingest/message.ts';
import { LogPublisher } from '../../../ingest/publish.ts';

const NOTHING_RETAINED: RetainedMessages = {
  async *find() {
    await Promise.resolve();
    yield [];
  },
  confirmEnd: () => Promise.resolve('confirmed'),
};

/** What a listener needs of it. */
export function loneBrokerParts(intake: Intake, clock: Clock): Pick<BrokerSide, 'broker' | 'desk' | 'shares'> & { readonly log: Log } {
  const { broker, desk, shares } = loneBroker(intake, clock);
  return { broker, desk, shares, log: silentLog };
}

export function loneBroker(intake: Intake, clock: Clock): BrokerSide {
  const { partitions } = intake;
  const topics = new MemoryTopicLog(partitions, new MemoryTopicStore({ keepsLast: false }));
  // Sessions have lanes of their own here, so that a test's intake has nothing but messages.
  const sessions = lanes(partitions, clock, new MemoryInputLog());
  return openBroker({
    reader: topics,
    retained: NOTHING_RETAINED,
    quick: new MemoryQuickMessages(),
    intake: sessions,
    topicIntake: lanes(partitions, clock, topics),
    ask: { session: () => Promise.resolve({ ok: false, why: 'no-owner' }) },
    downlinks: new MemoryDownlinks(),
    gossip: new MemoryEdgeGossip(),
    edge: { name: 'edge-1', epoch: 1 },
    clock,
    log: silentLog,
  });
}

function lanes(partitions: number, clock: Clock, log: MemoryInputLog): LogPublisher {
  const appender: BatchAppender = {
    append: (partition, data, done) => {
      const seq = log.append(partition, Uint8Array.from(data), clock.now());
      setImmediate(() => done({ ok: true, seq }));
    },
    connected: () => true,
    onReconnect: () => undefined,
  };
  return new LogPublisher({ partitions, edgeEpoch: 1, edge: 'edge-1', appender, clock, serverId: 'memory' });
}
