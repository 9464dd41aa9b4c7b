/**
 * The sessions that are open, by whose they are, so that what the registry decides ends those that it concerns: a
 * credential that was revoked, ran out or is gone, a device that was disabled. Holds one entry for each open session.
 */

type Callback = () => void;

interface Live {
  readonly callbacks: Set<Callback>;
  notAfterMs: number;
}

/** What became of a credential: until when it is good; undefined: it no longer is. */
export type StillGood = (credential: string) => number | undefined;

export class LiveSessions {
  readonly #owners = new Map<string, Map<string, Live>>();

  /** Calls back once, when the credential is no longer good. Answers the way to stop listening. */
  add(credential: string, notAfterMs: number, callback: Callback): () => void {
    const owner = ownerOf(credential);
    const lives = this.#owners.get(owner) ?? new Map<string, Live>();
    this.#owners.set(owner, lives);
    const live = lives.get(credential) ?? { callbacks: new Set<Callback>(), notAfterMs };
    lives.set(credential, live);
    live.callbacks.add(callback);
    return () => {
      live.callbacks.delete(callback);
      if (live.callbacks.size > 0 || lives.get(credential) !== live) return;
      lives.delete(credential);
      if (lives.size === 0 && this.#owners.get(owner) === lives) this.#owners.delete(owner);
    };
  }

  has(owner: string): boolean {
    return this.#owners.has(owner);
  }

  /** Something about the owner changed: sessions whose credential is no longer good end. */
  changed(owner: string, stillGood: StillGood): void {
    const lives = this.#owners.get(owner);
    if (lives === undefined) return;
    for (const [credential, live] of lives) {
      const notAfterMs = stillGood(credential);
      if (notAfterMs === undefined) this.#end(owner, credential, live);
      else live.notAfterMs = notAfterMs;
    }
  }

  /** Ends the sessions whose time is over. */
  expire(nowMs: number): void {
    for (const [owner, lives] of this.#owners)
      for (const [credential, live] of lives) if (live.notAfterMs <= nowMs) this.#end(owner, credential, live);
  }

  #end(owner: string, credential: string, live: Live): void {
    const lives = this.#owners.get(owner);
    lives?.delete(credential);
    if (lives?.size === 0) this.#owners.delete(owner);
    for (const callback of live.callbacks) callback();
  }
}

export function deviceOwner(tenant: string, device: string): string {
  return `${tenant}.${device}.`;
}

export function keyOwner(tenant: string, key: string): string {
  return `${tenant}.${key}`;
}

/** The tenant and device, or tenant and key, that stand in a credential's name: what is before its own id. */
function ownerOf(credential: string): string {
  const name = credential.slice(credential.indexOf('_') + 1);
  const first = name.indexOf('.');
  const second = name.indexOf('.', first + 1);
  return second < 0 ? name : name.slice(0, second + 1);
}

/** The part of a device's credential's name after the device. */
export function credentialIdIn(credential: string): string {
  return credential.slice(credential.lastIndexOf('.') + 1);
}
