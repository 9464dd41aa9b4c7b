/**
 * Many devices at once: each line decides for itself by its device's id, so a file that was cut off anywhere is sent again
 * whole, and what is there already stays as it is. Lines are decided in batches, a few of them at once; a line's outcome is
 * told when the log has it.
 */
import { limitsProblems, type LimitsDoc } from '../../engine/domain/limits-doc.ts';
import { policyProblems, type PolicyDoc } from '../../engine/domain/policy.ts';
import { isId } from '../../engine/kernel/ids.ts';
import type { AppendOutcome, RegistryAppend } from '../../engine/ports/registry.ts';
import { noField, pointerTo } from '../http/field-problems.ts';
import { isExternalId } from '../http/registry-bodies.ts';
import type { RegistryCommands } from './commands.ts';
import { encodeEntry } from './codec.ts';
import { decideRegister, type DeviceDraft, type RegistryRefusal } from './deciders.ts';
import { deviceSubject, type DeviceEntry, externalSubject, type Tags } from './entries.ts';
import { NAMED_OTHERWISE, type RefusedPlace, type RegistryWriter, takenName } from './writer.ts';

/** Devices that become one batch of the log. */
export const IMPORT_BATCH_LINES = 500;
/** UTF-8; a device's tags alone have at most 4 KB. */
export const IMPORT_LINE_BYTES_MAX = 16 * 1024;
const EXTERNAL_IDS_MAX = 4;

export type ImportOutcome =
  | { readonly outcome: 'created'; readonly token: string }
  | { readonly outcome: 'reissued'; readonly token: string }
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'refused'; readonly code: RegistryRefusal | 'malformed'; readonly detail: string; readonly pointer?: string }
  /** It may have been stored; sending it again tells. */
  | { readonly outcome: 'unknown' };

export interface ImportLine {
  /** The first is 1. */
  readonly line: number;
  readonly text: string;
}

export interface ImportedLine {
  readonly line: number;
  readonly id?: string;
  readonly outcome: ImportOutcome;
}

export interface ImportOptions {
  readonly writer: RegistryWriter;
  readonly commands: RegistryCommands;
  readonly tenant: string;
  readonly actor: string;
  /** Whether devices that are there and were never used get a new token: who imported them may not have got the first. */
  readonly reissue: boolean;
}

type Problem = Extract<ImportOutcome, { outcome: 'refused' }>;

/** A line that became a decision. */
interface Decision {
  readonly place: number;
  readonly draft: DeviceDraft;
  readonly entry: DeviceEntry;
  readonly token: string;
}

const EXISTS: ImportOutcome = { outcome: 'exists' };
const UNKNOWN: ImportOutcome = { outcome: 'unknown' };

export class DeviceImport {
  readonly #options: ImportOptions;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** The outcomes of a batch's lines, in their order. Never rejects. */
  async decide(lines: readonly ImportLine[]): Promise<readonly ImportedLine[]> {
    const outcomes = lines.map((): ImportOutcome => UNKNOWN);
    const ids = lines.map((): string | undefined => undefined);
    const decisions: Decision[] = [];
    const reissues: { readonly place: number; readonly id: string }[] = [];
    const seen = new Set<string>();
    for (const [place, { text }] of lines.entries()) {
      const draft = readDevice(text);
      if ('outcome' in draft) {
        outcomes[place] = draft;
        continue;
      }
      ids[place] = draft.id;
      const verdict = seen.has(draft.id) ? EXISTS : this.#verdict(draft);
      seen.add(draft.id);
      if ('entry' in verdict) decisions.push({ place, draft, ...verdict });
      else if (verdict === EXISTS && this.#mayReissue(draft.id)) reissues.push({ place, id: draft.id });
      else outcomes[place] = verdict;
    }
    const claimed = await this.#claim(decisions, outcomes);
    await this.#append(claimed, outcomes);
    await Promise.all(reissues.map(async ({ place, id }) => (outcomes[place] = await this.#reissue(id))));
    return lines.map(({ line }, place) => {
      const id = ids[place];
      return { line, ...(id === undefined ? {} : { id }), outcome: outcomes[place] ?? UNKNOWN };
    });
  }

  #verdict(draft: DeviceDraft): { readonly entry: DeviceEntry; readonly token: string } | ImportOutcome {
    const { actor, commands, tenant, writer } = this.#options;
    const { cache } = writer;
    const known = cache.device(tenant, draft.id);
    if (known !== undefined) return known.id === draft.id ? EXISTS : taken(NAMED_OTHERWISE);
    if (draft.group !== undefined && cache.group(tenant, draft.group) === undefined)
      return {
        outcome: 'refused',
        code: 'unknown-group',
        detail: `there is no group ${draft.group}; POST /v1/groups creates it`,
        pointer: '/group',
      };
    if (cache.devices >= commands.devicesMax())
      return { outcome: 'refused', code: 'too-many-devices', detail: 'the deployment holds as many devices as it may' };
    const id = writer.mintId();
    const { entry: credential, token } = writer.mint({ kind: 'device', tenant, device: draft.id, id }, id, {});
    // The device's time and its token's are the same, which the cache packs.
    const stamp = { at: credential.createdMs, actor, did: 'imported' } as const;
    const verdict = decideRegister(undefined, { ...draft, tenant, credentials: [credential] }, stamp);
    return verdict.ok
      ? { entry: verdict.entry, token }
      : { outcome: 'refused', code: verdict.why, detail: 'a device has at most 64 tags, together at most 4,096 bytes', pointer: '/tags' };
  }

  /** Claims the external ids; decisions whose names are another's are settled by it. */
  async #claim(decisions: readonly Decision[], outcomes: ImportOutcome[]): Promise<readonly Decision[]> {
    const { tenant, writer } = this.#options;
    const names = new Set<string>();
    const claims: { readonly decision: Decision; readonly name: string; readonly append: RegistryAppend }[] = [];
    /** With the first name that is another's. */
    const lost = new Map<Decision, string>();
    for (const decision of decisions) {
      for (const name of decision.draft.externalIds) {
        if (names.has(name) || writer.cache.deviceByExternalId(tenant, name) !== undefined) lost.set(decision, lost.get(decision) ?? name);
        names.add(name);
        const claim = { kind: 'external', tenant, name, device: decision.draft.id, at: decision.entry.createdMs, did: 'claimed' } as const;
        claims.push({ decision, name, append: { subject: externalSubject(tenant, name), data: encodeEntry(claim), expectedLastSeq: 0 } });
      }
    }
    const wanted = claims.filter(({ decision }) => !lost.has(decision));
    const appended = await appendAll(
      writer,
      wanted.map(({ append }) => append),
    );
    for (const [i, { decision, name }] of wanted.entries()) {
      const outcome = appended[i];
      if (outcome?.ok === true) continue;
      // Somebody claimed it before, perhaps this import before it was cut off.
      const again = await writer.claim(tenant, name, decision.draft.id);
      if (again.ok) continue;
      lost.set(decision, name);
      if (again.why !== 'external-id-taken') outcomes[decision.place] = UNKNOWN;
      else outcomes[decision.place] = taken(takenName(name, decision.draft.externalIds.indexOf(name)));
    }
    for (const [decision, name] of lost)
      if (outcomes[decision.place] === UNKNOWN && isTakenNow(decision, writer, tenant))
        outcomes[decision.place] = taken(takenName(name, decision.draft.externalIds.indexOf(name)));
    return decisions.filter((decision) => !lost.has(decision));
  }

  async #append(decisions: readonly Decision[], outcomes: ImportOutcome[]): Promise<void> {
    const { tenant, writer } = this.#options;
    const appends = decisions.map(({ entry }) => ({
      subject: deviceSubject(tenant, entry.id),
      data: encodeEntry(entry),
      expectedLastSeq: writer.cache.deviceSeq(tenant, entry.id),
    }));
    const appended = await appendAll(writer, appends);
    let last = 0;
    for (const [i, { place, token }] of decisions.entries()) {
      const outcome = appended[i];
      if (outcome?.ok === true) {
        last = Math.max(last, outcome.seq);
        outcomes[place] = { outcome: 'created', token };
      } else outcomes[place] = outcome?.why === 'conflict' ? EXISTS : UNKNOWN;
    }
    if (last > 0) await writer.readBack(last);
  }

  #mayReissue(id: string): boolean {
    const { reissue, tenant, writer } = this.#options;
    return reissue && writer.cache.device(tenant, id)?.entry.state === 'registered';
  }

  async #reissue(id: string): Promise<ImportOutcome> {
    const { actor, commands, tenant } = this.#options;
    const done = await commands.as(actor).rotateCredential(tenant, id, { overlapMs: 0 });
    return done.ok ? { outcome: 'reissued', token: done.value.token } : UNKNOWN;
  }
}

function isTakenNow({ draft }: Decision, writer: RegistryWriter, tenant: string): boolean {
  return draft.externalIds.some((name) => {
    const holder = writer.cache.deviceByExternalId(tenant, name);
    return holder === undefined || holder.id !== draft.id;
  });
}

function taken(about: RefusedPlace): ImportOutcome {
  return { outcome: 'refused', code: 'external-id-taken', ...about };
}

async function appendAll(writer: RegistryWriter, appends: readonly RegistryAppend[]): Promise<readonly AppendOutcome[]> {
  const parts: Promise<readonly AppendOutcome[]>[] = [];
  for (let at = 0; at < appends.length; at += IMPORT_BATCH_LINES)
    parts.push(writer.log.appendMany(appends.slice(at, at + IMPORT_BATCH_LINES)));
  return (await Promise.all(parts)).flat();
}

const FIELDS = new Set(['id', 'externalIds', 'group', 'model', 'tags', 'policy', 'limits']);

/** One line of the file, or what is wrong with it. */
export function readDevice(text: string): DeviceDraft | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('the line is no JSON', '');
  }
  if (!isRecord(value)) return problem('the line is no JSON object', '');
  const unknown = Object.keys(value).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) return problem(noField(unknown, [...FIELDS]), pointerTo('', unknown));
  const { externalIds = [], group, id, limits, model, policy, tags } = value;
  if (typeof id !== 'string' || !isId(id)) return problem('id has 1 to 64 of A-Z a-z 0-9 _ -', '/id');
  if (!isNames(externalIds)) return problem('externalIds is a list of at most 4 different texts of 1 to 128 bytes', '/externalIds');
  if (group !== undefined && (typeof group !== 'string' || !isId(group))) return problem('group has 1 to 64 of A-Z a-z 0-9 _ -', '/group');
  if (model !== undefined && (typeof model !== 'string' || model.length > 256))
    return problem('model is a text of at most 256 characters', '/model');
  if (tags !== undefined && !isRecord(tags)) return problem('tags is an object', '/tags');
  const badPolicy = policy === undefined ? undefined : policyProblems(policy)[0];
  if (badPolicy !== undefined) return problem(badPolicy.detail, `/policy${badPolicy.pointer}`);
  const badLimits = limits === undefined ? undefined : limitsProblems(limits, 'single')[0];
  if (badLimits !== undefined) return problem(badLimits.detail, `/limits${badLimits.pointer}`);
  return {
    id,
    externalIds,
    ...(group === undefined ? {} : { group }),
    ...(model === undefined ? {} : { model }),
    ...(tags === undefined ? {} : { tags: tags satisfies Tags }),
    ...(policy === undefined ? {} : { policy: policy as PolicyDoc }),
    ...(limits === undefined ? {} : { limits: limits as LimitsDoc }),
  };
}

function isNames(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length > EXTERNAL_IDS_MAX || new Set(value).size !== value.length) return false;
  return value.every((name) => typeof name === 'string' && isExternalId(name));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(detail: string, pointer: string): Problem {
  return { outcome: 'refused', code: 'malformed', detail, ...(pointer === '' ? {} : { pointer }) };
}
