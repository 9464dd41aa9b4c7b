/**
 * Options about what an MQTT client may ask for. They hold at each edge, for whoever is given nothing else by the limits of its
 * tenant, group, key or device, and are announced in CONNACK.
 */
import {
  CLIENT_INFLIGHT_MAX,
  CLIENT_TOPIC_ALIAS_CAP,
  CLIENT_TOPIC_ALIAS_MAX,
  KEEP_ALIVE_S_MAX,
  SESSION_EXPIRY_S_CAP,
  SESSION_EXPIRY_S_MAX,
  SUBSCRIPTIONS_APPLICATION_MAX,
  SUBSCRIPTIONS_CAP,
  SUBSCRIPTIONS_DEVICE_MAX,
} from '../kernel/limits.ts';
import { duration, integer } from './option-kinds.ts';
import { option } from './read-options.ts';

/** A shorter one would cost more than it tells. */
const KEEP_ALIVE_S_MIN = 10;
const DAY_S = 86_400;

export const MQTT_OPTIONS = {
  'mqtt-session-expiry-max': option(duration({ min: '0s', max: `${SESSION_EXPIRY_S_CAP / DAY_S}d` }), {
    fallback: SESSION_EXPIRY_S_MAX * 1_000,
    defaultText: `${SESSION_EXPIRY_S_MAX / DAY_S}d`,
    help: 'so long an MQTT session outlives its connection at most; 0s = not at all',
  }),
  'mqtt-keep-alive-max': option(duration({ min: `${KEEP_ALIVE_S_MIN}s`, max: `${KEEP_ALIVE_S_MAX}s` }), {
    fallback: KEEP_ALIVE_S_MAX * 1_000,
    defaultText: `${KEEP_ALIVE_S_MAX}s`,
    help: 'longest keep-alive of an MQTT client, and that of one that names none',
  }),
  'mqtt-subscriptions-device': option(integer(1, SUBSCRIPTIONS_CAP), {
    fallback: SUBSCRIPTIONS_DEVICE_MAX,
    help: "topic filters that a device's session may have subscribed to",
  }),
  'mqtt-subscriptions-application': option(integer(1, SUBSCRIPTIONS_CAP), {
    fallback: SUBSCRIPTIONS_APPLICATION_MAX,
    help: "topic filters that an application's session may have subscribed to",
  }),
  'mqtt-receive-maximum': option(integer(1, CLIENT_INFLIGHT_MAX), {
    fallback: CLIENT_INFLIGHT_MAX,
    help: 'messages that an MQTT client may have sent and not have acknowledged',
  }),
  'mqtt-topic-alias-maximum': option(integer(0, CLIENT_TOPIC_ALIAS_CAP), {
    fallback: CLIENT_TOPIC_ALIAS_MAX,
    help: 'topic aliases that an MQTT client may set',
  }),
} as const;

export interface MqttLimits {
  readonly sessionExpiryS: number;
  readonly keepAliveS: number;
  readonly subscriptionsDevice: number;
  readonly subscriptionsApplication: number;
  readonly inFlight: number;
  readonly topicAliases: number;
}

export const DEFAULT_MQTT_LIMITS: MqttLimits = {
  sessionExpiryS: SESSION_EXPIRY_S_MAX,
  keepAliveS: KEEP_ALIVE_S_MAX,
  subscriptionsDevice: SUBSCRIPTIONS_DEVICE_MAX,
  subscriptionsApplication: SUBSCRIPTIONS_APPLICATION_MAX,
  inFlight: CLIENT_INFLIGHT_MAX,
  topicAliases: CLIENT_TOPIC_ALIAS_MAX,
};

export type MqttSettings = Readonly<Record<keyof typeof MQTT_OPTIONS, number>>;

/** MQTT counts in seconds. */
export function mqttLimits(settings: MqttSettings): MqttLimits {
  return {
    sessionExpiryS: Math.floor(settings['mqtt-session-expiry-max'] / 1_000),
    keepAliveS: Math.floor(settings['mqtt-keep-alive-max'] / 1_000),
    subscriptionsDevice: settings['mqtt-subscriptions-device'],
    subscriptionsApplication: settings['mqtt-subscriptions-application'],
    inFlight: settings['mqtt-receive-maximum'],
    topicAliases: settings['mqtt-topic-alias-maximum'],
  };
}
