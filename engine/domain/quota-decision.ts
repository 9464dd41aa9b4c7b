/** What an account decided when an edge asked it, as the body of a decision: each window with what is used of it now. */
import { MEASURES } from './limits-doc.ts';
import type { EdgeGrant, QuotaAccountView } from './quota-lease.ts';

export interface QuotaGranted {
  readonly grant: EdgeGrant;
  /** Messages that this edge refused since it asked last. */
  readonly refused: number;
}

/** JSON; the analysts' view `quota_decisions` takes it apart. */
export function quotaDecisionBody({ grant, refused }: QuotaGranted, account: QuotaAccountView, edge: string): string {
  const windows = account.windows.map(({ allowed, measure, used, window }) => ({
    measure: MEASURES[measure] ?? '',
    window,
    granted: grant.grant[measure] ?? 0,
    used,
    allowed,
  }));
  const { shortage } = grant;
  return JSON.stringify({
    edge,
    epoch: grant.edge,
    n: grant.n,
    refused,
    windows,
    ...(shortage === undefined
      ? {}
      : { shortage: { measure: MEASURES[shortage.measure] ?? '', window: shortage.window, retryMs: shortage.retryMs } }),
  });
}
