/** Edges that share the accounts of one fold, on a clock that the test moves: the log and its owner answer after `answerMs`. */
import { compileLimits, type LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import { Quotas } from '../../../engine/domain/quota.ts';
import { parseQuotaAsk, encodeQuotaAsk, readQuotaAccounts, type QuotaAsk } from '../../../engine/domain/quota-lease.ts';
import { Admission } from '../../../ingest/admit.ts';
import { Gate } from '../../../ingest/limits/gate.ts';
import type { LeaseAnswer, LeaseDesk } from '../../../ingest/limits/leased-account.ts';
import { LimitsBook } from '../../../ingest/limits/limits-book.ts';

/** Noon, UTC. */
export const STARTED_MS = Date.UTC(2026, 2, 3, 12);

export class QuotaRig implements LeaseDesk {
  nowMs = 0;
  /** Undefined: nobody answers. */
  answerMs: number | undefined = 10;
  /** Every ask that reached the log, in its order. */
  readonly log: { readonly tenant: string; readonly ask: QuotaAsk; readonly atMs: number }[] = [];
  readonly quotas = new Quotas();
  readonly book: LimitsBook;
  readonly #waiting: { readonly dueMs: number; readonly answer: () => void }[] = [];
  #edges = 0;
  #seq = 0;

  constructor(groupsOf: (tenant: string, device: string) => readonly string[] = () => []) {
    this.book = new LimitsBook(groupsOf);
  }

  limit(tenant: string, limits: LimitsDoc): void {
    this.book.apply({ kind: 'tenant', tenant, limits }, ++this.#seq);
  }

  limitDevice(tenant: string, id: string, limits: LimitsDoc): void {
    this.book.apply({ kind: 'device', tenant, id, limits }, ++this.#seq);
  }

  limitGroup(tenant: string, id: string, limits: LimitsDoc): void {
    this.book.apply({ kind: 'group', tenant, id, limits }, ++this.#seq);
  }

  edge(own: { readonly listener?: LimitsDoc; readonly prefix?: LimitsDoc } = {}): Admission {
    const epoch = ++this.#edges;
    return new Admission({
      book: this.book,
      clock: { now: () => STARTED_MS + this.nowMs, monotonic: () => this.nowMs },
      edge: { name: `edge-${epoch}`, epoch },
      desk: this,
      listener: own.listener === undefined ? undefined : compileLimits(own.listener),
      prefix: own.prefix === undefined ? undefined : compileLimits(own.prefix),
    });
  }

  async ask(tenant: string, ask: QuotaAsk): Promise<LeaseAnswer | undefined> {
    const { answerMs } = this;
    if (answerMs === undefined) {
      await this.#until(this.nowMs + 2_000);
      return undefined;
    }
    const atMs = STARTED_MS + this.nowMs + Math.floor(answerMs / 2);
    await this.#until(this.nowMs + answerMs);
    const read = parseQuotaAsk(encodeQuotaAsk(ask));
    if (read === undefined) return undefined;
    this.log.push({ tenant, ask: read, atMs });
    this.quotas.apply(tenant, read, atMs);
    const account = readQuotaAccounts(this.quotas.json(tenant, atMs) ?? '')?.find(({ scope }) => scope === ask.scope);
    const grant = account?.edges.find(({ edge }) => edge === ask.edge);
    return grant?.n === ask.n ? { grant, edges: account?.edges.length ?? 1, warned: [] } : undefined;
  }

  /** Moves the clock, a millisecond at a time, and lets what waits for it run. */
  async pass(ms: number): Promise<void> {
    for (let i = 0; i < ms; i++) {
      this.nowMs++;
      while ((this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= this.nowMs) this.#waiting.shift()?.answer();
      for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    }
  }

  async #until(dueMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ dueMs, answer: resolve });
      this.#waiting.sort((a, b) => a.dueMs - b.dueMs);
    });
  }
}

export function gateOf(tenant: string, device: string, more: { readonly listener?: string; readonly address?: string } = {}): Gate {
  return new Gate({ tenant, device, key: undefined, listener: more.listener ?? 'mqtt', address: more.address });
}

/** Offers messages one by one; answers how many were taken. What waits for credit counts as not taken. */
export function offer(
  admission: Admission,
  gate: Gate,
  { count, bytes = 10 }: { readonly count: number; readonly bytes?: number },
): number {
  let taken = 0;
  for (let i = 0; i < count; i++) {
    const hit = admission.event(gate, 1, bytes, 1);
    if (hit === undefined) taken++;
    else if (hit.account !== undefined) admission.whenCredit(hit, () => undefined);
  }
  return taken;
}
