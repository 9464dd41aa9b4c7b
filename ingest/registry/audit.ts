/** Who did what, when: the registry's own entries, newest first, as far as a tenant is concerned. No secret is in them. */
import type { RegistryLog } from '../../engine/ports/registry.ts';
import { decodeEntry } from './codec.ts';
import type { CredentialEntry, RegistryFact } from './entries.ts';

export type RegistryHistory = Pick<RegistryLog, 'history'>;

/** Entries that are read for one page, so that a search for somebody who did little ends too. */
const LOOKS_MAX = 20_000;
const READ_ENTRIES = 1_000;

export interface AuditQuery {
  readonly tenant: string;
  /** `device`, `key`, `group` or `tenant`; undefined: all of them. */
  readonly kind?: string;
  readonly id?: string;
  readonly actor?: string;
  readonly did?: string;
  /** Entries below this sequence; undefined: from the newest. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditItem {
  readonly seq: number;
  readonly fact: RegistryFact;
}

export interface AuditPage {
  readonly items: readonly AuditItem[];
  /** Where the next page begins; undefined: nothing is older. */
  readonly next: number | undefined;
}

export async function readAudit(history: RegistryHistory, query: AuditQuery): Promise<AuditPage> {
  const { id, kind, limit, tenant } = query;
  const subject = `reg.${tenant}.${kind ?? '*'}.${id ?? '*'}`;
  const items: AuditItem[] = [];
  let before = query.before ?? Number.MAX_SAFE_INTEGER;
  for (let looks = 0; looks < LOOKS_MAX; looks += READ_ENTRIES) {
    const entries = await history.history(subject, before, READ_ENTRIES);
    for (const entry of entries) {
      before = entry.seq;
      const fact = decodeEntry(entry.data);
      if (fact === undefined || fact.kind === 'external' || !fits(fact, query)) continue;
      items.push({ seq: entry.seq, fact });
      if (items.length === limit) return { items, next: before };
    }
    if (entries.length < READ_ENTRIES) return { items, next: undefined };
  }
  return { items, next: before };
}

export function subjectIdOf(fact: RegistryFact): string {
  switch (fact.kind) {
    case 'tenant':
      return fact.tenant;
    case 'external':
      return fact.name;
    default:
      return fact.id;
  }
}

/** What an entry says, without anything that proves somebody or that somebody is proven by. */
export function withoutSecrets(fact: RegistryFact): Readonly<Record<string, unknown>> {
  const { actor: _actor, at: _at, did: _did, ...rest } = fact;
  switch (rest.kind) {
    case 'device':
      return { ...rest, credentials: rest.credentials.map(bare) };
    case 'key': {
      const { credential, previous, ...key } = rest;
      return { ...key, credential: bare(credential), ...(previous === undefined ? {} : { previous: bare(previous) }) };
    }
    case 'group': {
      const { provisioning, ...group } = rest;
      if (provisioning?.hook === undefined) return rest;
      return { ...group, provisioning: { ...provisioning, hook: { url: provisioning.hook.url } } };
    }
    case 'tenant': {
      const { cas, signingCa, ...tenant } = rest;
      return {
        ...tenant,
        ...(cas === undefined ? {} : { cas: cas.map(({ fingerprint, id, notAfterMs }) => ({ id, fingerprint, notAfterMs })) }),
        ...(signingCa === undefined ? {} : { hasSigningCa: true }),
      };
    }
    case 'external':
      return rest;
  }
}

function bare({ hash: _hash, sealed: _sealed, ...rest }: CredentialEntry): Omit<CredentialEntry, 'hash' | 'sealed'> {
  return rest;
}

function fits(fact: RegistryFact, { actor, did }: AuditQuery): boolean {
  return (actor === undefined || fact.actor === actor) && (did === undefined || fact.did === did);
}
