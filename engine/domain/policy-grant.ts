/**
 * One grant as it is written: a scope (`telemetry:write`, `twin:read:reported.*`), or topics of the tenant's own tree
 * (`topic:plant/${device}/#:pub`), or devices that a gateway speaks for (`gateway:${device}-*`). Owns the grammar, the closed
 * list of scopes, and what stands for the variables.
 */
import { quoted } from '../kernel/quoted.ts';
import { isGatewayPattern, isIdPart } from './gateway-pattern.ts';
import { filterProblem } from './topic-filter.ts';

/** What there is to allow. A scope of a twin may go on: `:<section>`, then `.<path>`, then `.*`, which adds nothing. */
export const SCOPES = [
  'telemetry:write',
  'telemetry:read',
  'twin:read',
  'twin:write',
  'command:send',
  'command:respond',
  'firmware:receive',
  'firmware:admin',
  'registry:admin',
  'schema:admin',
  'rule:admin',
  'quota:admin',
  'analytics:read',
  'replay:run',
  'session:suffix',
] as const;
export type Scope = (typeof SCOPES)[number];

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  'twin:read': ['latest', 'reported', 'desired', 'delta', 'tags', 'presence'],
  'twin:write': ['reported', 'desired', 'tags'],
};
/** A name of a path in a twin: whatever a metric may be called, but for what ends it here. */
const PATH = /^[^\s:*]{1,256}$/;
const TOPIC = /^topic:(.+):(pub|sub|pubsub)$/s;
const GATEWAY = 'gateway:';
const VARIABLE = /\$\{([^}]*)\}/g;
const VARIABLE_NAME = /^(?:device|tenant|tags\.[A-Za-z0-9_.-]{1,64})$/;
/** What a variable stands for is a part of one level, and never one of the server's. */
const VALUE = /^[^/+#\0$][^/+#\0]*$/;
/** Trees of a meaning of their own; a wildcard as the first level doesn't reach them, as it doesn't reach `$`. */
const RESERVED = ['v1', 'devices', 'spBv1.0'] as const;
/** The longest filter, and the words around it. */
export const GRANT_CHARS_MAX = 300;

export interface ScopeGrant {
  readonly kind: 'scope';
  /** Without `.*` at its end. */
  readonly scope: string;
}

export interface TopicGrant {
  readonly kind: 'topic';
  /** With its variables. */
  readonly filter: string;
  readonly publish: boolean;
  readonly subscribe: boolean;
}

export interface GatewayGrant {
  readonly kind: 'gateway';
  /** With its variables. */
  readonly pattern: string;
}

export type Grant = ScopeGrant | TopicGrant | GatewayGrant;

/** What the variables stand for; a key has no device and no tags. */
export interface PolicyVariables {
  readonly tenant: string;
  readonly device?: string | undefined;
  readonly tags?: Readonly<Record<string, unknown>> | undefined;
}

/** The grant, or why it is none: text for people. */
export function parseGrant(text: string): Grant | string {
  if (text.length > GRANT_CHARS_MAX) return `a grant has at most ${GRANT_CHARS_MAX} characters`;
  if (text.startsWith(GATEWAY)) return parseGatewayGrant(text);
  return text.startsWith('topic:') ? parseTopicGrant(text) : parseScope(text);
}

function parseGatewayGrant(text: string): GatewayGrant | string {
  const pattern = text.slice(GATEWAY.length);
  const problem = variableProblem(pattern);
  if (problem !== undefined) return problem;
  if (!isGatewayPattern(pattern.replaceAll(VARIABLE, 'x')))
    return 'a grant of a gateway is gateway:<device>, gateway:<beginning of ids>* or gateway:*';
  return { kind: 'gateway', pattern };
}

function parseScope(text: string): ScopeGrant | string {
  const scope = withoutStar(text);
  if (SCOPES.some((known) => known === scope)) return { kind: 'scope', scope };
  const [first = '', second = '', rest, ...more] = scope.split(':');
  const base = `${first}:${second}`;
  const sections = SECTIONS[base];
  if (sections !== undefined && rest !== undefined && more.length === 0) {
    const [section = '', ...path] = rest.split('.');
    if (!sections.includes(section)) return `${base} goes on with one of ${sections.join(', ')}, not with ${JSON.stringify(section)}`;
    return path.length === 0 || PATH.test(path.join('.'))
      ? { kind: 'scope', scope }
      : 'a path holds no white space, : or *, but for .* at its end';
  }
  return `${quoted(text)} is no scope; there are ${SCOPES.join(', ')}, topic:<filter>:pub|sub|pubsub and gateway:<pattern>`;
}

function parseTopicGrant(text: string): TopicGrant | string {
  const parts = TOPIC.exec(text);
  if (parts === null) return 'a grant of topics is topic:<filter>:pub, :sub or :pubsub';
  const [, filter = '', way] = parts;
  const unknown = variableProblem(filter);
  if (unknown !== undefined) return unknown;
  const plain = filter.replaceAll(VARIABLE, 'x');
  const publish = way !== 'sub';
  const problem = filterProblem(plain) ?? reservedProblem(plain, publish);
  return problem ?? { kind: 'topic', filter, publish, subscribe: way !== 'pub' };
}

function variableProblem(text: string): string | undefined {
  for (const [, name = ''] of text.matchAll(VARIABLE)) {
    if (!VARIABLE_NAME.test(name)) return `\${${name.slice(0, 64)}} is no variable; there are \${device}, \${tenant} and \${tags.<name>}`;
  }
  return undefined;
}

/** Why topics of this filter can't be granted; undefined: they can. */
function reservedProblem(filter: string, publish: boolean): string | undefined {
  if (filter.startsWith('$share/')) return 'grant the filter itself, without $share/<group>/: it holds for shared subscriptions too';
  if (filter.startsWith('$')) return 'topics that begin with $ are the server’s own';
  const [first] = filter.split('/', 1);
  if (first === 'v1') return 'topics under v1/ are granted by scopes, such as telemetry:write';
  if (first === 'spBv1.0') return 'topics under spBv1.0/ are reserved';
  if (first === 'devices' && publish) return 'topics under devices/ are published by the server: grant them as :sub';
  return undefined;
}

/** Whether the topic or filter lies in a tree that a wildcard as the first level doesn't reach. Allocates nothing. */
export function isReserved(name: string | Uint8Array): boolean {
  for (const tree of RESERVED) {
    let i = 0;
    while (i < tree.length && unitOf(name, i) === tree.charCodeAt(i)) i++;
    if (i === tree.length && (name.length === i || unitOf(name, i) === 0x2f)) return true;
  }
  return false;
}

export function usesVariables(filter: string): boolean {
  return filter.includes('${');
}

/** The filter with the variables' values; undefined where one has none that can stand in a topic: such a grant grants nothing. */
export function resolvedFilter(filter: string, variables: PolicyVariables): string | undefined {
  if (!usesVariables(filter)) return filter;
  const resolved = filledIn(filter, variables, (value) => VALUE.test(value));
  if (resolved === undefined) return undefined;
  return filterProblem(resolved) === undefined && reservedProblem(resolved, false) === undefined ? resolved : undefined;
}

/** The pattern with the variables' values; undefined where one has none that can stand in an id. */
export function resolvedPattern(pattern: string, variables: PolicyVariables): string | undefined {
  if (!usesVariables(pattern)) return pattern;
  const resolved = filledIn(pattern, variables, isIdPart);
  return resolved !== undefined && isGatewayPattern(resolved) ? resolved : undefined;
}

function filledIn(text: string, variables: PolicyVariables, fits: (value: string) => boolean): string | undefined {
  let isWhole = true;
  const filled = text.replaceAll(VARIABLE, (_, name: string) => {
    const value = valueOf(name, variables) ?? '';
    isWhole &&= fits(value);
    return value;
  });
  return isWhole ? filled : undefined;
}

/** The filter with `+` for each level that has a variable: all that it can come to be, whatever the values. */
export function widestFilter(filter: string): string {
  if (!usesVariables(filter)) return filter;
  return filter
    .replaceAll(VARIABLE, '\0')
    .split('/')
    .map((level) => (level.includes('\0') ? '+' : level))
    .join('/');
}

/** Whether a grant of `wide` grants all that `narrow` does. Allocates nothing. */
export function coversScope(wide: string, narrow: string): boolean {
  if (!narrow.startsWith(wide)) return false;
  if (narrow.length === wide.length) return true;
  const next = narrow.charCodeAt(wide.length);
  return next === 0x3a || next === 0x2e;
}

export function withoutStar(scope: string): string {
  return scope.endsWith('.*') ? scope.slice(0, -2) : scope;
}

function valueOf(name: string, { tenant, device, tags }: PolicyVariables): string | undefined {
  const value = name === 'tenant' ? tenant : name === 'device' ? device : tags?.[name.slice('tags.'.length)];
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' ? text : undefined;
}

function unitOf(name: string | Uint8Array, i: number): number {
  return typeof name === 'string' ? name.charCodeAt(i) : (name[i] ?? Number.NaN);
}
