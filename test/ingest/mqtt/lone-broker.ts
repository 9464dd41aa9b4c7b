/**
 * A broker in memory for tests of one edge without an engine: messages reach who is subscribed, but every session is a new
 * one, and nothing is retained.
 */
import { MemoryDownlinks } from '../../../engine/memory/memory-downlinks.ts';
import { MemoryEdgeGossip } from '../../../engine/memory/memory-edge-gossip.ts';
import { MemoryInputLog } from '../../../engine/memory/memory-input-log.ts';
import { MemoryQuickMessages, MemoryTopicLog, MemoryTopicStore } from '../../../engine/memory/memory-topic-log.ts';
import type { Clock } from '../../../engine/kernel/clock.ts';
import { silentLog, type Log } from '../../../engine/observability/log.ts';
import { placeOf } from '../../../engine/kernel/position.ts';
import type { Asked } from '../../../engine/ports/ask.ts';
import type { BatchAppender, LogMessage } from '../../../engine/ports/input-log.ts';
import type { RetainedMessages } from '../../../engine/ports/topic-log.ts';
import { openBroker, type BrokerSide } from '../../../ingest/broker/open-broker.ts';
import type { Intake } from '../../../ingest/message.ts';
import { LogPublisher } from '../../../ingest/publish.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { encodeSessionState, EventBatchReader, EventReader } from '../../../schemas/gen/lean.ts';

const NOTHING_RETAINED: RetainedMessages = {
  async *find() {
    await Promise.resolve();
    yield [];
  },
  confirmEnd: () => Promise.resolve('confirmed'),
};

/** What a listener needs of it, and how it ends. */
export function loneBrokerParts(
  intake: Intake,
  clock: Clock,
): { readonly parts: Pick<BrokerSide, 'broker' | 'desk' | 'shares'> & { readonly log: Log }; readonly stop: () => void } {
  const { broker, desk, shares, stop } = loneBroker(intake, clock);
  return { parts: { broker, desk, shares, log: silentLog }, stop };
}

export function loneBroker(intake: Intake, clock: Clock): BrokerSide {
  const { partitions } = intake;
  const topics = new MemoryTopicLog(partitions, new MemoryTopicStore({ keepsLast: false }));
  // Sessions have lanes of their own here, so that a test's intake has nothing but messages.
  const sessionLog = new MemoryInputLog();
  const sessions = lanes(partitions, clock, sessionLog);
  return openBroker({
    reader: topics,
    retained: NOTHING_RETAINED,
    quick: new MemoryQuickMessages(),
    intake: sessions,
    topicIntake: lanes(partitions, clock, topics),
    ask: { session: async (partition, { session }, { minSeq }) => newSession(await sessionLog.get(partition, minSeq), session) },
    downlinks: new MemoryDownlinks(),
    gossip: new MemoryEdgeGossip(),
    edge: { name: 'edge-1', epoch: 1 },
    clock,
    log: silentLog,
  });
}

/** As the owner of its partition would say: it begins with the connection in the message. */
function newSession(message: LogMessage | undefined, session: string): Asked<Uint8Array> {
  const batch = new EventBatchReader();
  const event = new EventReader();
  if (message === undefined || !batch.read(message.data, 0, message.data.length)) return { ok: false, why: 'no-owner' };
  for (let i = batch.eventsCount - 1; i >= 0; i--) {
    if (!event.read(message.data, batch.eventsStarts[i] ?? 0, batch.eventsEnds[i] ?? 0) || event.kind !== KIND.connected) continue;
    const named = Buffer.from(message.data.subarray(event.sessionStart, event.sessionEnd)).toString();
    if (named !== session) continue;
    const value = encodeSessionState({ session, connection: placeOf(message.seq, i), connected: true });
    return { ok: true, value, checkpoint: message.seq, epoch: 1 };
  }
  return { ok: false, why: 'no-owner' };
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
