/**
 * What the demonstration fleet keeps in `<data>/demo-fleet.json`: credentials, and how far each device was acknowledged, so
 * that a fleet that was killed goes on with its next event and its figures go on with it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface DemoDevice {
  readonly name: string;
  readonly token: string;
  /** Everything before this n is acknowledged. */
  readonly next: number;
}

export interface DemoState {
  /** The boot id of the whole fleet: it never restarts its counting. */
  readonly boot: number;
  readonly devices: readonly DemoDevice[];
}

/** Undefined when there is none, or none that can be read: then the fleet registers anew. */
export function loadDemoState(path: string): DemoState | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DemoState;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step; only the owner may read it, for it holds tokens. */
export function saveDemoState(path: string, state: DemoState): void {
  writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
