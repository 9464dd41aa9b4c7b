/** Connections of devices by WebSocket, as events of the device: its twin says that they are there. */
import { partitionOf } from '../../engine/kernel/partition.ts';
import { VIA } from '../../schemas/envelope.ts';
import type { ConnectionWatch } from '../ws/context.ts';
import type { SessionDesk } from './session-desk.ts';

/** No client id of MQTT has a slash, so nobody's session is taken for another's. */
const SUFFIX = '/ws';

/** `partitions` of the input log. */
export function deviceConnections(desk: SessionDesk, partitions: number): ConnectionWatch {
  return {
    opened: ({ principal }) => {
      // Of an application's connection nobody is told.
      if (principal.kind !== 'device' || desk.isCrowded) return { closed: () => undefined };
      const { device, tenant } = principal;
      const record = desk.record({
        tenant,
        device,
        session: `d:${device}${SUFFIX}`,
        partition: partitionOf(tenant, device, partitions),
        via: VIA.websocket,
      });
      desk.begin(record, { cleanStart: true, expiryS: 0, keepAliveS: 0, level: 0, address: '' });
      return {
        closed: (code) =>
          record.end({ reason: code === NORMAL ? 0 : UNSPECIFIED, why: code === NORMAL ? 'client' : 'closed', sendWill: false }),
      };
    },
  };
}

/** RFC 6455 §7.4.1: 1000. */
const NORMAL = 1_000;
/** MQTT's words are the log's. */
const UNSPECIFIED = 0x80;
