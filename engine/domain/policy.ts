/**
 * Policies: documents of grants, and what they come to. Nothing is allowed that no document allows, and a denial wins over
 * every grant, whichever document it stands in. What a question covers must be granted as a whole by one grant, and no
 * denial may touch a part of it: who asks for a twin and is denied one leaf of it is not allowed the twin.
 *
 * A wildcard as a filter's first level reaches neither `$` topics nor the reserved trees (`devices/`); grants name those. In
 * a denial it reaches the reserved trees too.
 */
import { coversDevices, meetsDevices, widestPattern } from './gateway-pattern.ts';
import {
  coversScope,
  type Grant,
  isReserved,
  parseGrant,
  type PolicyVariables,
  resolvedFilter,
  resolvedPattern,
  SCOPES,
  usesVariables,
  widestFilter,
  withoutStar,
} from './policy-grant.ts';
import { filterProblem, includes, intersects, isTopic, matches, unshared } from './topic-filter.ts';

/** Of one list of a document: a check looks through all of them. */
const GRANTS_MAX = 64;

export interface PolicyDoc {
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

export interface PolicyProblem {
  /** Within the document, a JSON pointer. */
  readonly pointer: string;
  readonly detail: string;
}

export interface PolicySource {
  /** For people: whose document it is. */
  readonly source: string;
  readonly doc: PolicyDoc;
}

/** A grant, and the document that it stands in. */
export interface GrantPlace {
  readonly source: string;
  readonly grant: string;
}

export type PolicyQuestion =
  | { readonly scope: string }
  | { readonly publish: string }
  | { readonly subscribe: string }
  /** A device's id, or a pattern; with variables, it is one for all that they may stand for. */
  | { readonly gateway: string };

export interface Explanation {
  readonly allowed: boolean;
  /** What grants it, also where a denial wins over it. */
  readonly by: GrantPlace | undefined;
  readonly denied: GrantPlace | undefined;
}

export interface CompiledPolicy {
  allows(scope: string): boolean;
  /** Whether some of what the scope covers may be allowed: worth looking which. */
  allowsPart(scope: string): boolean;
  allowsPublish(topic: string | Uint8Array): boolean;
  /** Whether every topic that the filter matches is granted; a shared subscription's filter counts without its group. */
  allowsSubscribe(filter: string): boolean;
  /** Whether a message of this topic may be delivered: asked for each, because policies change while sessions live. */
  allowsReceive(topic: string | Uint8Array): boolean;
  /** Whether it may speak for the device, as its gateway. */
  allowsGateway(device: string): boolean;
  /** Whether there is any topic to publish or subscribe to. */
  readonly grantsTopics: boolean;
  /** Whether there may be a device to speak for. */
  readonly grantsDevices: boolean;
  explain(question: PolicyQuestion): Explanation;
}

/** The document, or all that is wrong with it. */
export function parsePolicy(value: unknown): PolicyDoc | readonly PolicyProblem[] {
  if (!isRecord(value)) return [{ pointer: '', detail: 'a policy is an object with the list allow, and deny where needed' }];
  const problems: PolicyProblem[] = [];
  for (const name of Object.keys(value)) {
    if (name !== 'allow' && name !== 'deny') problems.push({ pointer: `/${name}`, detail: 'a policy has only allow and deny' });
  }
  const allow = grantsOf(value['allow'], '/allow', problems);
  const deny = value['deny'] === undefined ? [] : grantsOf(value['deny'], '/deny', problems);
  if (problems.length > 0) return problems;
  return deny.length === 0 ? { allow } : { allow, deny };
}

/** What is wrong with the document; empty: it is a policy. */
export function policyProblems(value: unknown): readonly PolicyProblem[] {
  const parsed = parsePolicy(value);
  return 'allow' in parsed ? [] : parsed;
}

function grantsOf(value: unknown, pointer: string, problems: PolicyProblem[]): readonly string[] {
  if (!Array.isArray(value)) {
    problems.push({ pointer, detail: 'a list of grants is asked for' });
    return [];
  }
  if (value.length > GRANTS_MAX) problems.push({ pointer, detail: `a list has at most ${GRANTS_MAX} grants` });
  const grants: string[] = [];
  for (const [i, grant] of value.slice(0, GRANTS_MAX).entries()) {
    const parsed = typeof grant === 'string' ? parseGrant(grant) : 'a grant is text';
    if (typeof parsed === 'string') problems.push({ pointer: `${pointer}/${i}`, detail: parsed });
    else grants.push(String(grant));
  }
  return grants;
}

/** Whether what the documents come to is the same for every device. */
export function dependsOnVariables(docs: readonly PolicySource[]): boolean {
  return docs.some(({ doc }) => [...doc.allow, ...(doc.deny ?? [])].some(usesVariables));
}

/** What is no grant to this program (a newer one may have written it) says nothing. */
export function compilePolicy(docs: readonly PolicySource[], variables: PolicyVariables): CompiledPolicy {
  const rules = emptyRules();
  for (const { source, doc } of docs) {
    for (const grant of doc.allow)
      addRule(
        rules.allow,
        { source, grant },
        { filter: (filter) => resolvedFilter(filter, variables), devices: (pattern) => resolvedPattern(pattern, variables) },
      );
    // A denial whose variable has no value holds for every value.
    for (const grant of doc.deny ?? [])
      addRule(
        rules.deny,
        { source, grant },
        {
          filter: (filter) => resolvedFilter(filter, variables) ?? widestFilter(filter),
          devices: (pattern) => resolvedPattern(pattern, variables) ?? widestPattern(pattern),
        },
      );
  }
  return new RulesPolicy(rules);
}

/** The first of these grants that the policy doesn't cover in whole; -1: it covers all. */
export function firstExcess(policy: CompiledPolicy, grants: readonly string[]): number {
  return grants.findIndex((text) => {
    const grant = parseGrant(text);
    return typeof grant === 'string' || !covers(policy, grant);
  });
}

function covers(policy: CompiledPolicy, grant: Grant): boolean {
  if (grant.kind === 'scope') return policy.allows(grant.scope);
  if (grant.kind === 'gateway') return policy.explain({ gateway: grant.pattern }).allowed;
  const filter = widestFilter(grant.filter);
  if (grant.subscribe && !policy.allowsSubscribe(filter)) return false;
  return !grant.publish || policy.explain({ publish: filter }).allowed;
}

/** What a change of documents gives: what it allows anew, and what it no longer denies. */
export function givenBy(before: PolicyDoc | undefined, after: PolicyDoc | undefined): readonly string[] {
  const allowed = (after?.allow ?? []).filter((grant) => before?.allow.includes(grant) !== true);
  const undenied = (before?.deny ?? []).filter((grant) => after?.deny?.includes(grant) !== true);
  return [...allowed, ...undenied];
}

interface ScopeRule {
  readonly scope: string;
  readonly place: GrantPlace;
}

interface TopicRule {
  readonly filter: string;
  /** The same in UTF-8. */
  readonly bytes: Uint8Array;
  readonly isWildFirst: boolean;
  readonly place: GrantPlace;
}

interface GatewayRule {
  readonly devices: string;
  readonly place: GrantPlace;
}

interface RuleSet {
  readonly scopes: ScopeRule[];
  readonly gateways: GatewayRule[];
  readonly publish: TopicRule[];
  readonly subscribe: TopicRule[];
}

interface Rules {
  readonly allow: RuleSet;
  readonly deny: RuleSet;
}

function emptyRules(): Rules {
  const none = (): RuleSet => ({ scopes: [], gateways: [], publish: [], subscribe: [] });
  return { allow: none(), deny: none() };
}

/** With the variables' values; undefined: the grant says nothing. */
interface Resolved {
  readonly filter: (filter: string) => string | undefined;
  readonly devices: (pattern: string) => string | undefined;
}

function addRule(set: RuleSet, place: GrantPlace, resolved: Resolved): void {
  const grant = parseGrant(place.grant);
  if (typeof grant === 'string') return;
  if (grant.kind === 'scope') {
    set.scopes.push({ scope: grant.scope, place });
    return;
  }
  if (grant.kind === 'gateway') {
    const devices = resolved.devices(grant.pattern);
    if (devices !== undefined) set.gateways.push({ devices, place });
    return;
  }
  const filter = resolved.filter(grant.filter);
  if (filter === undefined) return;
  const isWildFirst = filter.startsWith('+') || filter.startsWith('#');
  const rule = { filter, bytes: new TextEncoder().encode(filter), isWildFirst, place };
  if (grant.publish) set.publish.push(rule);
  if (grant.subscribe) set.subscribe.push(rule);
}

class RulesPolicy implements CompiledPolicy {
  readonly #rules: Rules;
  /** The answers for whole scopes; they are what is asked for with every message. */
  readonly #known: ReadonlyMap<string, boolean>;
  readonly grantsTopics: boolean;
  readonly grantsDevices: boolean;

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#known = new Map(SCOPES.map((scope) => [scope, this.#judgeScope(scope)]));
    this.grantsTopics = rules.allow.publish.length + rules.allow.subscribe.length > 0;
    this.grantsDevices = rules.allow.gateways.length > 0;
  }

  allows(scope: string): boolean {
    return this.#known.get(scope) ?? this.#judgeScope(withoutStar(scope));
  }

  allowsPart(scope: string): boolean {
    const { allow, deny } = this.#rules;
    const isDenied = deny.scopes.some((rule) => coversScope(rule.scope, scope));
    return !isDenied && allow.scopes.some((rule) => coversScope(rule.scope, scope) || coversScope(scope, rule.scope));
  }

  allowsPublish(topic: string | Uint8Array): boolean {
    return isTopic(topic) && isGranted(this.#rules.allow.publish, this.#rules.deny.publish, topic);
  }

  allowsReceive(topic: string | Uint8Array): boolean {
    return isTopic(topic) && isGranted(this.#rules.allow.subscribe, this.#rules.deny.subscribe, topic);
  }

  allowsGateway(device: string): boolean {
    const { allow, deny } = this.#rules;
    for (const rule of deny.gateways) if (coversDevices(rule.devices, device)) return false;
    for (const rule of allow.gateways) if (coversDevices(rule.devices, device)) return true;
    return false;
  }

  allowsSubscribe(filter: string): boolean {
    return this.explain({ subscribe: filter }).allowed;
  }

  explain(question: PolicyQuestion): Explanation {
    if ('scope' in question) return this.#explainScope(withoutStar(question.scope));
    const { allow, deny } = this.#rules;
    if ('gateway' in question) return explainGateway(allow.gateways, deny.gateways, widestPattern(question.gateway));
    return 'publish' in question
      ? explainFilter(allow.publish, deny.publish, question.publish)
      : explainFilter(allow.subscribe, deny.subscribe, question.subscribe);
  }

  #explainScope(scope: string): Explanation {
    const { allow, deny } = this.#rules;
    const by = allow.scopes.find((rule) => coversScope(rule.scope, scope))?.place;
    const denied = deny.scopes.find((rule) => coversScope(rule.scope, scope) || coversScope(scope, rule.scope))?.place;
    return { allowed: by !== undefined && denied === undefined, by, denied };
  }

  #judgeScope(scope: string): boolean {
    for (const rule of this.#rules.deny.scopes) if (coversScope(rule.scope, scope) || coversScope(scope, rule.scope)) return false;
    for (const rule of this.#rules.allow.scopes) if (coversScope(rule.scope, scope)) return true;
    return false;
  }
}

function isGranted(allow: readonly TopicRule[], deny: readonly TopicRule[], topic: string | Uint8Array): boolean {
  if (allow.length === 0) return false;
  for (const rule of deny) if (hits(rule, topic)) return false;
  const reserved = isReserved(topic);
  for (const rule of allow) if (!(reserved && rule.isWildFirst) && hits(rule, topic)) return true;
  return false;
}

function hits(rule: TopicRule, topic: string | Uint8Array): boolean {
  return matches(typeof topic === 'string' ? rule.filter : rule.bytes, topic);
}

function explainGateway(allow: readonly GatewayRule[], deny: readonly GatewayRule[], asked: string): Explanation {
  const by = allow.find((rule) => coversDevices(rule.devices, asked))?.place;
  const denied = deny.find((rule) => meetsDevices(rule.devices, asked))?.place;
  return { allowed: by !== undefined && denied === undefined, by, denied };
}

/** A topic is a filter that matches itself. */
function explainFilter(allow: readonly TopicRule[], deny: readonly TopicRule[], filter: string): Explanation {
  const inner = unshared(filter);
  if (inner === undefined || filterProblem(filter) !== undefined) return { allowed: false, by: undefined, denied: undefined };
  const reserved = isReserved(inner);
  const by = allow.find((rule) => !(reserved && rule.isWildFirst) && includes(rule.filter, inner))?.place;
  const denied = deny.find((rule) => intersects(rule.filter, inner))?.place;
  return { allowed: by !== undefined && denied === undefined, by, denied };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
