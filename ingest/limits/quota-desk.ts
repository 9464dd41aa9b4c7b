/**
 * The way to a tenant's quota account: the ask is appended to the log like any event, and once it is stored the
 * partition's owner is asked for the account, which then reflects it.
 */
import {
  type EdgeGrant,
  encodeQuotaAsk,
  QUOTA_DEVICE,
  type QuotaAccountView,
  type QuotaAsk,
  readQuotaAccounts,
} from '../../engine/domain/quota-lease.ts';
import { partitionOf } from '../../engine/kernel/partition.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import type { LeaseDesk, QuotaWarning } from './leased-account.ts';
import type { EventDraft, Intake, Receipt } from '../message.ts';

/** Senders wait for this: longer, and they are told to come again. */
const ANSWER_MS_MAX = 2_000;
/** Until the log has an ask. */
const STORED_MS_MAX = 2_000;
/** An edge that asked within this time shares the quota. */
const EDGE_IS_ACTIVE_MS = 60_000;
const NO_BYTES = new Uint8Array(0);

export class QuotaDesk implements LeaseDesk {
  readonly #intake: Intake;
  readonly #ask: AskClient;

  constructor(intake: Intake, ask: AskClient) {
    this.#intake = intake;
    this.#ask = ask;
  }

  async ask(
    tenant: string,
    ask: QuotaAsk,
  ): Promise<{ readonly grant: EdgeGrant; readonly edges: number; readonly warned: readonly QuotaWarning[] } | undefined> {
    const partition = partitionOf(tenant, QUOTA_DEVICE, this.#intake.partitions);
    const seq = await this.#append(tenant, partition, ask);
    if (seq === undefined) return undefined;
    const account = (await this.accounts(tenant, seq))?.find(({ scope }) => scope === ask.scope);
    const grant = account?.edges.find(({ edge }) => edge === ask.edge);
    // Another number: a later ask was answered, or the fold turned this one down.
    if (account === undefined || grant?.n !== ask.n) return undefined;
    const edges = account.edges.filter(({ atMs }) => account.logMs - atMs < EDGE_IS_ACTIVE_MS).length;
    const warned = account.windows.flatMap(({ measure, window, used, allowed, warnedMs }) =>
      warnedMs === undefined ? [] : [{ measure, window, used, allowed, warnedMs }],
    );
    return { grant, edges, warned };
  }

  /** All accounts of a tenant, as a committed record that covers `minSeq` has them; undefined when nobody answers in time. */
  async accounts(tenant: string, minSeq = 0): Promise<readonly QuotaAccountView[] | undefined> {
    const partition = partitionOf(tenant, QUOTA_DEVICE, this.#intake.partitions);
    const answer = await this.#ask.twin(partition, { tenant, device: QUOTA_DEVICE }, { minSeq, timeoutMs: ANSWER_MS_MAX });
    if (!answer.ok) return undefined;
    return answer.value === undefined ? [] : readQuotaAccounts(Buffer.from(answer.value).toString('utf8'));
  }

  /** Sequence of the message that holds it, or undefined when it isn't known to be stored. */
  async #append(tenant: string, partition: number, ask: QuotaAsk): Promise<number | undefined> {
    const fields = { tenant, device: QUOTA_DEVICE, kind: KIND.quotaLease, contentType: CONTENT_TYPE.json, via: VIA.internal };
    const payload = Buffer.from(encodeQuotaAsk(ask));
    const draft: EventDraft = {
      partition,
      prefix: encodeEventPrefix(fields),
      extra: NO_BYTES,
      payload,
      start: 0,
      end: payload.length,
      urgent: true,
    };
    return new Promise((resolve) => {
      // A lane that is closed for long takes the ask, and it may come to the log later: then it is granted once all the same.
      const timer = setTimeout(() => settle(undefined), STORED_MS_MAX);
      let isSettled = false;
      const settle = (seq: number | undefined): void => {
        isSettled = true;
        clearTimeout(timer);
        resolve(seq);
      };
      const receipt: Receipt = { stored: (_tag, seq) => settle(seq), failed: () => settle(undefined) };
      const offer = (): void => {
        if (!isSettled && !this.#intake.offer(draft, receipt, 0)) this.#intake.whenRoom(partition, offer);
      };
      offer();
    });
  }
}
