/** What a device's sessions at this edge may have, and what they have of it: for who asks which limits hold. */
import { DEFAULT_MQTT_LIMITS, type MqttLimits } from '../../engine/config/mqtt-options.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import type { LimitsBook } from '../limits/limits-book.ts';
import type { SessionUse } from '../limits/limits-view.ts';
import type { MqttListener } from './listener.ts';
import { sessionLimitsOf } from './session-limits.ts';

export interface SessionUseParts {
  readonly book: LimitsBook;
  /** Absent: the defaults. */
  readonly mqtt?: MqttLimits | undefined;
  /** Undefined: no MQTT here, or not yet. */
  readonly listener: () => Pick<MqttListener, 'connectionsOf'> | undefined;
  readonly clock: Clock;
}

/** Of several sessions of a device, what the one that has most has. */
export function sessionUses(parts: SessionUseParts): (tenant: string, device: string) => readonly SessionUse[] {
  const { book, clock, listener, mqtt = DEFAULT_MQTT_LIMITS } = parts;
  return (tenant, device) => {
    const allowed = sessionLimitsOf({ tenant, device, credential: undefined }, { book, mqtt });
    const used = { expiryS: 0, subscriptions: 0, inFlight: 0 };
    for (const { inFlight, session } of listener()?.connectionsOf(tenant, device) ?? []) {
      used.expiryS = Math.max(used.expiryS, session?.expiryS ?? 0);
      used.subscriptions = Math.max(used.subscriptions, session?.subscribed ?? 0);
      used.inFlight = Math.max(used.inFlight, inFlight);
    }
    const sinceMs = clock.now();
    return [
      { limit: 'session-expiry', used: used.expiryS, allowed: allowed.expiryS, sinceMs },
      { limit: 'subscriptions', used: used.subscriptions, allowed: allowed.subscriptions, sinceMs },
      { limit: 'in-flight', used: used.inFlight, allowed: allowed.inFlight, sinceMs },
    ];
  };
}
