/**
 * What edges tell each other of shared subscriptions, every second and when it changes: which groups have members here, and
 * which of those have, or wait for, members whose sessions are kept. So the last one to leave a group knows whether it is
 * over. An edge hears itself, too, and so knows when the others can't.
 */
import { decodeSharesHere, encodeSharesHere } from '../../schemas/gen/lean.ts';
import { SESSION_EXPIRY_S_MAX } from '../../engine/kernel/limits.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';

export interface GroupHere {
  /** What edges call it: names of groups are long. */
  readonly digest: string;
  /** Whether a member that is connected has a session that is kept. */
  readonly hasKept: boolean;
}

export interface ShareGossipParts {
  readonly gossip: EdgeGossip;
  readonly edgeEpoch: number;
  readonly monotonic: () => number;
  /** Groups that have members at this edge. */
  readonly here: () => Iterable<GroupHere>;
  /** Of these groups an edge has got its first member, or lost its last. */
  readonly changed: (has: (digest: string) => 'got' | 'lost' | undefined) => void;
  /** Others didn't hear this edge for so long that they may have taken what was its. */
  readonly missed: () => void;
}

export const GOSSIP_MS = 1_000;
/** An edge that is silent for so long has no members any more. */
const SILENT_MS_MAX = 4_000;
/** What an edge said and didn't hear itself for so long, nobody has heard: sooner than it counts as silent. */
const UNHEARD_MS_MAX = 2_500;
/** Groups that one message of gossip holds, and marks: a message of NATS has a megabyte. */
export const GROUPS_MAX = 32_768;
const MARKS_MAX = 10_000;
/** Behind the digest of a group: a session that is kept is, or will be again, a member. */
const KEPT = '+';
/** So long it is said at least of a group that has no members: they may be about to come, elsewhere. */
const AWAITED_MS_MIN = 10_000;

interface Heard {
  readonly said: ReadonlySet<string>;
  readonly atMs: number;
}

interface Awaited {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** The edge that waited for it and fell silent; 0: another reason. */
  readonly edge: number;
}

export class ShareGossip {
  readonly #parts: ShareGossipParts;
  readonly #heard = new Map<number, Heard>();
  readonly #listening: { stop(): void };
  /** Groups whose kept members are away, by digest. */
  readonly #awaited = new Map<string, Awaited>();
  #isTelling = false;
  /** When the first was said that this edge has not heard itself. */
  #unheardMs: number | undefined;

  constructor(parts: ShareGossipParts) {
    this.#parts = parts;
    this.#listening = parts.gossip.receive('shares', (data) => this.#hear(data));
    parts.gossip.onReconnect(() => this.#say());
  }

  /** What is said last are the groups that wait for somebody. */
  stop(): void {
    this.#listening.stop();
    this.#say();
  }

  /** Other edges that have members of the group. */
  others(digest: string): readonly number[] {
    return [...this.#heard].filter(([, { said }]) => said.has(digest)).map(([edge]) => edge);
  }

  /** Whether a session that is kept may come back as a member, as far as any edge has said. */
  isAwaited(digest: string): boolean {
    return this.#isAwaitedHere(digest) || Iterator.from(this.#heard.values()).some(({ said }) => said.has(digest + KEPT));
  }

  /** A session that is a member may come back within this time. */
  await(digest: string, forS: number): void {
    this.#await(digest, forS, 0);
  }

  /** False: nobody hears this edge, nor does it hear anybody. */
  get isHeard(): boolean {
    return this.#unheardMs === undefined || this.#parts.monotonic() - this.#unheardMs < UNHEARD_MS_MAX;
  }

  /** Every second. */
  beat(): void {
    const here = new Set(Array.from(this.#parts.here(), ({ digest }) => digest));
    if (this.isHeard) this.#forgetSilent(here);
    const nowMs = this.#parts.monotonic();
    for (const [digest, { sinceMs, untilMs }] of this.#awaited) {
      const concernsNobody = nowMs - sinceMs > AWAITED_MS_MIN && !here.has(digest) && this.others(digest).length === 0;
      if (untilMs <= nowMs || concernsNobody) this.#awaited.delete(digest);
    }
    if (here.size > 0 || this.#awaited.size > 0) this.tell();
  }

  /** Once a turn, however many groups come or go in it. */
  tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#say();
    });
  }

  /** Whom it waited for is waited for here. */
  #forgetSilent(here: ReadonlySet<string>): void {
    const nowMs = this.#parts.monotonic();
    for (const [edge, { atMs, said }] of this.#heard) {
      if (nowMs - atMs <= SILENT_MS_MAX) continue;
      this.#heard.delete(edge);
      for (const digest of here) if (said.has(digest + KEPT)) this.#await(digest, SESSION_EXPIRY_S_MAX, edge);
    }
  }

  #await(digest: string, forS: number, edge: number): void {
    const sinceMs = this.#parts.monotonic();
    const untilMs = sinceMs + forS * 1_000;
    const known = this.#awaited.get(digest);
    if (known === undefined) this.#awaited.set(digest, { sinceMs, untilMs, edge });
    else this.#awaited.set(digest, { sinceMs, untilMs: Math.max(untilMs, known.untilMs), edge: known.edge === edge ? edge : 0 });
  }

  #isAwaitedHere(digest: string): boolean {
    return (this.#awaited.get(digest)?.untilMs ?? 0) > this.#parts.monotonic();
  }

  #say(): void {
    const { edgeEpoch, gossip, here, monotonic } = this.#parts;
    const groups: string[] = [];
    const marks = new Set(this.#awaited.keys());
    for (const { digest, hasKept } of here()) {
      groups.push(digest);
      if (hasKept) marks.add(digest);
    }
    const marked = Array.from(Iterator.from(marks).take(MARKS_MAX), (digest) => digest + KEPT);
    this.#unheardMs ??= monotonic();
    gossip.send('shares', encodeSharesHere({ edgeEpoch, groups: [...groups.slice(0, GROUPS_MAX), ...marked] }));
  }

  #hear(data: Uint8Array): void {
    const { changed, edgeEpoch, monotonic } = this.#parts;
    const here = decodeSharesHere(data);
    if (here === undefined) return;
    if (here.edgeEpoch === edgeEpoch) {
      this.#heardItself();
      return;
    }
    const before = this.#heard.get(here.edgeEpoch)?.said;
    // It lives, and says itself whom it waits for.
    if (before === undefined) for (const [digest, { edge }] of this.#awaited) if (edge === here.edgeEpoch) this.#awaited.delete(digest);
    const said = new Set(here.groups);
    this.#heard.set(here.edgeEpoch, { said, atMs: monotonic() });
    changed((digest) => {
      if ((before?.has(digest) ?? false) === said.has(digest)) return undefined;
      return said.has(digest) ? 'got' : 'lost';
    });
  }

  #heardItself(): void {
    const wasHeard = this.isHeard;
    this.#unheardMs = undefined;
    if (!wasHeard) this.#parts.missed();
  }
}
