/**
 * What the registry tells the fold of a device, as the payload of an event of kind `registry-fact`: `{"seq", "state", …}`.
 * The fold uses the sequence of the registry's entry, by which the newer of two facts is known, and the state; the rest
 * (group, model, tags, what was done) is for who reads the event.
 */

/** The device's state in the registry, `deleted` where its entry is gone; the numbers are stored: append, never renumber. */
export const LIFECYCLE_STATES = ['registered', 'active', 'disabled', 'decommissioned', 'deleted'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

export interface RegistryFact {
  readonly seq: number;
  readonly state: LifecycleState;
}

/** Whether nothing of such a device is let in any more. */
export function isBarred(state: LifecycleState | undefined): boolean {
  return state === 'disabled' || state === 'decommissioned' || state === 'deleted';
}

/** Whether its twin only tells how it was; a device that is disabled may come back as what it is. */
export function isArchived(state: LifecycleState): boolean {
  return state === 'decommissioned' || state === 'deleted';
}

/** Undefined where the payload is no fact, whatever else it is. */
export function parseRegistryFact(text: string): RegistryFact | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('state' in value)) return undefined;
  const { seq } = value;
  const state = LIFECYCLE_STATES.find((one) => one === value.state);
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1 || state === undefined) return undefined;
  return { seq, state };
}
