/**
 * What this edge offers to MQTT clients, as CONNACK announces it. A 3.1.1 client can't be told, so for it the same limits
 * show as a paused socket or a closed connection.
 */
import { EVENT_BYTES_MAX, TOPIC_BYTES_MAX, USER_PROPERTIES_BYTES_MAX } from '../../engine/kernel/limits.ts';

/** What clients may publish and subscribe with. */
export const QOS_MAX = 2;
/** Room beside the payload: topic, user properties, and what other properties a packet may carry. */
const PUBLISH_OVERHEAD_BYTES = TOPIC_BYTES_MAX + USER_PROPERTIES_BYTES_MAX + 1_792;
/** Maximum Packet Size. */
export const PACKET_BYTES_MAX = EVENT_BYTES_MAX + PUBLISH_OVERHEAD_BYTES;
/** Before a client has said who it is, it gets room for a CONNECT with a long token and no more. */
export const FIRST_PACKET_BYTES_MAX = 10_000;
/** An application's client id; a device's follows from its own id. */
export const CLIENT_ID_BYTES_MAX = 128;
/** A connection is closed after this many of its keep-alive periods without a packet (MQTT-3.1.2-22). */
export const KEEP_ALIVE_PATIENCE = 1.5;
/** A client that waits for its session for so long is refused: what it waits for is over by then, unless the log is away. */
export const ENTER_MS_MAX = 12_000;
/** After our last packet a client has this long to close its side; then the socket is destroyed. */
export const LINGER_MS_MAX = 1_000;
/** Messages in flight are given this long to settle when the process drains. */
export const DRAIN_MS_MAX = 5_000;
/** How often deadlines are looked at: the grain of first-packet time and keep-alive. */
export const SWEEP_MS = 250;
/** Open sockets of one listener: what one process serves within its memory, some 10 KB each. */
export const CONNECTIONS_MAX = 100_000;
