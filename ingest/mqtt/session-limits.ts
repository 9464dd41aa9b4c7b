/**
 * What a client may ask for: by the limits of its device or key, its groups and its tenant, or else by this edge's options.
 * Looked up with its CONNECT, told in CONNACK, and held to until the connection ends.
 */
import type { MqttLimits } from '../../engine/config/mqtt-options.ts';
import type { LimitsBook } from '../limits/limits-book.ts';

export interface SessionLimits {
  /** Seconds that it may outlive its connection. */
  readonly expiryS: number;
  readonly subscriptions: number;
  /** Messages that the client has sent and that are not acknowledged. */
  readonly inFlight: number;
}

/** Whose session it is; an application without a key is anonymous. */
export interface SessionHolder {
  readonly tenant: string;
  readonly device: string | undefined;
  /** As `<tenant>.<name>`, of an application. */
  readonly credential: string | undefined;
}

export function sessionLimitsOf(
  { credential, device, tenant }: SessionHolder,
  { book, mqtt }: { readonly book: LimitsBook | undefined; readonly mqtt: MqttLimits },
): SessionLimits {
  const own = book?.session(tenant, device, keyOf(device, credential));
  return {
    expiryS: own?.sessionExpiryS ?? mqtt.sessionExpiryS,
    subscriptions: own?.subscriptions ?? (device === undefined ? mqtt.subscriptionsApplication : mqtt.subscriptionsDevice),
    inFlight: own?.inFlight ?? mqtt.inFlight,
  };
}

/** Name of the API key, where it is no device. */
export function keyOf(device: string | undefined, credential: string | undefined): string | undefined {
  return device === undefined ? credential?.split('.')[1] : undefined;
}
