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
/** User properties of one MQTT packet, keys and values together. */
export const USER_PROPERTIES_BYTES_MAX = 2 * 1024;
/** Messages a client may have in flight towards us (Receive Maximum). */
export const CLIENT_INFLIGHT_MAX = 100;
/** Topic filters that a client may have subscribed to at once. */
export const SUBSCRIPTIONS_DEVICE_MAX = 64;
export const SUBSCRIPTIONS_APPLICATION_MAX = 1_024;
/** Seconds that a session outlives its connection at most: a week. */
export const SESSION_EXPIRY_S_MAX = 7 * 24 * 3_600;
/** Longest keep-alive granted, so that a silent connection is noticed within half an hour. */
export const KEEP_ALIVE_S_MAX = 1_200;
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
  | 'user-properties-bytes'
  | 'in-flight'
  | 'log-bytes'
  | 'connections'
  | 'first-packet-time';
