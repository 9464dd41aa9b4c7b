/**
 * The limits promised by default, one constant each. Whoever refuses by one of them names it (its `LimitName`) in the
 * refusal.
 */

/** What one event may hold on the wire; larger ones are refused before they are stored. */
export const EVENT_BYTES_MAX = 64 * 1024;
/** A request body that is not a stream of lines. */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;
/** One device's events of one request stay together in one batch, so they must fit half of a batch. */
export const TOGETHER_BYTES_MAX = 256 * 1024;
/** A batch; beyond it a lane pushes back on the sockets. Half of the server's largest message. */
export const BATCH_BYTES_MAX = 512 * 1024;
/** Leaves of one event, after flattening. */
export const METRICS_MAX = 256;
/** UTF-8 bytes of a metric's or attribute's name. */
export const METRIC_NAME_BYTES_MAX = 128;
/** Nesting of a JSON payload. */
export const PAYLOAD_DEPTH_MAX = 8;
/** One section of a twin, in its JSON form. */
export const TWIN_SECTION_BYTES_MAX = 32 * 1024;
/** Topics of MQTT. */
export const TOPIC_BYTES_MAX = 256;
/** Levels of a topic, or of a filter: each is a node in memory for whoever subscribes, and of each retained message. */
export const TOPIC_LEVELS_MAX = 32;
/** User properties of one MQTT packet, keys and values together. */
export const USER_PROPERTIES_BYTES_MAX = 2 * 1024;
/** Messages a client may have in flight towards us (Receive Maximum); no option and no tenant has more: buffers are made for it. */
export const CLIENT_INFLIGHT_MAX = 100;
/** Packet identifiers that an edge may give to a client's messages between two words about it to the log: half of all there are. */
export const PACKET_IDS_UNSAID_MAX = 32_768;
/** Topic filters that a client may have subscribed to at once, where nothing else is said. */
export const SUBSCRIPTIONS_DEVICE_MAX = 64;
export const SUBSCRIPTIONS_APPLICATION_MAX = 1_024;
/** No option and no tenant has more: the fold keeps no more of a session. */
export const SUBSCRIPTIONS_CAP = 1_024;
/** Seconds that a session outlives its connection at most, where nothing else is said: a week. */
export const SESSION_EXPIRY_S_MAX = 7 * 24 * 3_600;
/** No option and no tenant has more: a session that nobody takes up for a year is in the way of all others. */
export const SESSION_EXPIRY_S_CAP = 365 * 24 * 3_600;
/** Longest keep-alive granted, so that a silent connection is noticed within half an hour. */
export const KEEP_ALIVE_S_MAX = 1_200;
/** Topic aliases a client may set: enough for a device's own topics, little enough to keep for every connection. */
export const CLIENT_TOPIC_ALIAS_MAX = 16;
/** No option has more: each may hold a topic of 256 bytes, a connection. */
export const CLIENT_TOPIC_ALIAS_CAP = 1_024;
/** From accepting a connection to its first whole packet. */
export const FIRST_PACKET_MS_MAX = 5_000;
/** A client's own event id (`id`), for exactly-once writes. */
export const EVENT_ID_BYTES_MAX = 64;
/** Event time is believed in this window around log time; outside, log time is used and the row is flagged. */
export const EVENT_TIME_PAST_MS_MAX = 30 * 24 * 3_600_000;
export const EVENT_TIME_FUTURE_MS_MAX = 24 * 3_600_000;
/** Numbers below this are seconds since the epoch, or nonsense; milliseconds are asked for. */
export const EVENT_TIME_MS_MIN = 1e11;

export type LimitName =
  | 'event-bytes'
  | 'body-bytes'
  | 'together-bytes'
  | 'metrics-per-event'
  | 'metric-name-bytes'
  | 'payload-depth'
  | 'twin-section-bytes'
  | 'topic-bytes'
  | 'topic-levels'
  | 'user-properties-bytes'
  | 'in-flight'
  | 'subscriptions'
  | 'session-expiry'
  | 'log-bytes'
  | 'connections'
  | 'first-packet-time';
