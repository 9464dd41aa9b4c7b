/** The shared accounts that this edge holds leases of: one for each tenant and group with rates or volumes that is in use. */
import { groupScope, TENANT_SCOPE } from '../../engine/domain/quota-lease.ts';
import { type AccountInit, LeasedAccount } from './leased-account.ts';
import type { LimitsBook, SharedLimits } from './limits-book.ts';

export class AccountBook {
  readonly #init: Omit<AccountInit, 'tenant' | 'scope'>;
  readonly #tenants = new Map<string, Map<string, LeasedAccount>>();

  constructor(init: Omit<AccountInit, 'tenant' | 'scope'>) {
    this.#init = init;
  }

  /** One account, or none where nothing of the limits is shared. */
  tenant(tenant: string, shared: SharedLimits): readonly LeasedAccount[] {
    return this.#account(tenant, TENANT_SCOPE, shared);
  }

  group(tenant: string, group: string, shared: SharedLimits): readonly LeasedAccount[] {
    return this.#account(tenant, groupScope(group), shared);
  }

  of(tenant: string): Iterable<LeasedAccount> {
    return this.#tenants.get(tenant)?.values() ?? [];
  }

  /** Accounts settle what lapsed; limits that changed are taken over. */
  sweep(nowMs: number, book: LimitsBook): void {
    for (const { tenant, group, shared } of book.shared()) {
      this.#tenants
        .get(tenant)
        ?.get(group === undefined ? TENANT_SCOPE : groupScope(group))
        ?.adopt(shared);
    }
    for (const accounts of this.#tenants.values()) for (const account of accounts.values()) account.settle(nowMs);
  }

  /** Resolves when no ask is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#tenants.values()].flatMap((accounts) => [...accounts.values()].map(async (account) => account.idle())));
  }

  #account(tenant: string, scope: string, shared: SharedLimits): readonly LeasedAccount[] {
    if (shared.limits.rates.length === 0 && shared.limits.volumes.length === 0) return [];
    const accounts = this.#tenants.get(tenant) ?? new Map<string, LeasedAccount>();
    this.#tenants.set(tenant, accounts);
    const known = accounts.get(scope);
    if (known !== undefined) {
      known.adopt(shared);
      return [known];
    }
    const account = new LeasedAccount({ ...this.#init, tenant, scope }, shared);
    accounts.set(scope, account);
    return [account];
  }
}
