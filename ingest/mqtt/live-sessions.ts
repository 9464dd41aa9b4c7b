/** Connections of this edge as those see them who have something to say to one: owners of partitions, and other edges. */
import { Buffer } from 'node:buffer';
import { DOWNLINK_CODE, type DownlinkPublish, type DownlinkReport } from '../../schemas/gen/lean.ts';
import { matches } from '../../engine/domain/topic-filter.ts';
import type { SessionDesk } from '../broker/session-desk.ts';
import type { SharedGroups } from '../broker/shared-groups.ts';
import { TopicMessage } from '../broker/topic-message.ts';
import type { DownlinkCode, LiveSession, LiveSessions } from '../downlink/downlink-desk.ts';
import type { LiveConnection } from './connection-context.ts';
import { partsOfSubSession } from './gateway.ts';
import type { MqttListener } from './listener.ts';
import { GATEWAY } from './topics.ts';

export interface LiveSessionParts {
  readonly shares: Pick<SharedGroups, 'find'>;
  readonly desk: Pick<SessionDesk, 'parted'>;
}

export function liveSessions(listener: Pick<MqttListener, 'find'> | undefined, { desk, shares }: LiveSessionParts): LiveSessions {
  return {
    find: (tenant, session) => {
      if (session.startsWith('s:')) return shares.find(tenant, session) ?? desk.parted(tenant, session);
      const sub = partsOfSubSession(session);
      if (sub !== undefined) return subSession(tenant, sub.device, listener?.find(tenant, sub.gateway));
      const connection = listener?.find(tenant, session);
      return connection === undefined ? desk.parted(tenant, session) : liveSession(tenant, connection);
    },
  };
}

/** Of a device that a gateway speaks for: what is said to it goes to the gateway, under the device's name. */
function subSession(tenant: string, device: string, connection: LiveConnection | undefined): LiveSession | undefined {
  const gateway = connection?.gateway;
  const record = gateway?.find(device)?.record;
  if (connection === undefined || gateway === undefined || record === undefined) return undefined;
  const under = `${GATEWAY}${device}/`;
  return {
    connection: record.number,
    publish: (message) => {
      return Promise.resolve(publish(tenant, connection, { ...message, topic: topicUnder(under, message.topic) }));
    },
    report: (reports) =>
      report(
        connection,
        reports.map((one) => ({ ...one, topic: topicUnder(under, one.topic) })),
      ),
    takeOver: () => {
      gateway.release(device);
      return Promise.resolve({});
    },
    close: () => gateway.forget(device, 'refused'),
  };
}

function liveSession(tenant: string, connection: LiveConnection): LiveSession {
  return {
    connection: connection.connection,
    publish: (message) => Promise.resolve(publish(tenant, connection, message)),
    report: (reports) => report(connection, reports),
    takeOver: () => {
      const changes = connection.session?.changes('all') ?? {};
      connection.takeOver();
      return Promise.resolve(changes);
    },
    close: (reason) => connection.dismiss(reason),
  };
}

/** A device's own topic, as a gateway writes it. */
function topicUnder(under: string, topic: string): string {
  return topic.startsWith('v1/') ? under + topic.slice('v1/'.length) : topic;
}

/** What became of the best off. */
function report({ errors }: LiveConnection, reports: readonly DownlinkReport[]): DownlinkCode {
  if (errors === undefined) return DOWNLINK_CODE.offline;
  const told = reports.map((one) => errors.turnedDown(one));
  if (told.includes('sent')) return DOWNLINK_CODE.ok;
  return told.includes('no-room') ? DOWNLINK_CODE.full : DOWNLINK_CODE.notSubscribed;
}

function publish(tenant: string, { session }: LiveConnection, message: DownlinkPublish): DownlinkCode {
  if (session === undefined) return DOWNLINK_CODE.offline;
  const { payload, qos, topic } = message;
  for (const { filter, qos: granted } of session.subscriptions()) {
    if (!matches(filter, topic)) continue;
    const said = new TopicMessage({
      tenant,
      topic,
      topicBytes: Buffer.from(topic),
      payload,
      properties: new Uint8Array(0),
      qos,
      retain: false,
      expiresMs: 0,
      session: '',
      at: undefined,
    });
    return session.push(said, Math.min(qos, granted)) ? DOWNLINK_CODE.ok : DOWNLINK_CODE.full;
  }
  return DOWNLINK_CODE.notSubscribed;
}
