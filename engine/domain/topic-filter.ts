/**
 * MQTT topic filters (MQTT 5 §4.7): their grammar, which topics they match, and how the sets of topics of two filters lie to
 * each other. A filter of a shared subscription, `$share/<group>/<filter>`, stands for the topics of the filter in it.
 *
 * A wildcard as the first level matches no topic that begins with `$` (MQTT-4.7.2-1). Names may be of UTF-16 (a string) or
 * of UTF-8 (bytes), but filter and topic of the same.
 */
import { TOPIC_BYTES_MAX } from '../kernel/limits.ts';

const PLUS = 0x2b;
const HASH = 0x23;
const SLASH = 0x2f;
const DOLLAR = 0x24;
const SHARE = '$share/';

type Name = string | Uint8Array;

/** The filter of a shared subscription without its group; any other filter as it is. Undefined: no group, or no filter in it. */
export function unshared(filter: string): string | undefined {
  if (!filter.startsWith(SHARE)) return filter;
  const slash = filter.indexOf('/', SHARE.length);
  if (slash <= SHARE.length || slash + 1 === filter.length || /[+#]/.test(filter.slice(SHARE.length, slash))) return undefined;
  return filter.slice(slash + 1);
}

/** Why the text is no topic filter, for people; undefined: it is one. */
export function filterProblem(filter: string): string | undefined {
  if (filter === '') return 'a topic filter has at least one character';
  if (!filter.isWellFormed() || filter.includes('\0')) return 'a topic filter is well-formed UTF-8 without the character U+0000';
  if (utf8Bytes(filter) > TOPIC_BYTES_MAX) return `a topic filter has at most ${TOPIC_BYTES_MAX} bytes`;
  const inner = unshared(filter);
  if (inner === undefined) return 'a shared filter is $share/<group>/<filter>, with a group free of wildcards';
  const levels = inner.split('/');
  for (const [i, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || i + 1 < levels.length)) return '# stands alone, as the last level';
    if (level.includes('+') && level !== '+') return '+ stands alone, as a whole level';
  }
  return undefined;
}

/** Whether a name can be published to: not empty, and free of wildcards. */
export function isTopic(topic: Name): boolean {
  const { length } = topic;
  for (let i = 0; i < length; i++) {
    const unit = unitOf(topic, i);
    if (unit === PLUS || unit === HASH || unit === 0) return false;
  }
  return length > 0;
}

/** Whether the valid filter, not a shared one, matches the topic. Allocates nothing. */
export function matches(filter: Name, topic: Name): boolean {
  const { length } = topic;
  const end = filter.length;
  const first = unitOf(filter, 0);
  if ((first === PLUS || first === HASH) && unitOf(topic, 0) === DOLLAR) return false;
  let t = 0;
  for (let f = 0; f < end; f++) {
    const unit = unitOf(filter, f);
    if (unit === HASH) return true;
    if (unit === PLUS) {
      while (t < length && unitOf(topic, t) !== SLASH) t++;
      continue;
    }
    // `a/#` matches its parent, `a`, too.
    if (t === length) return unit === SLASH && f + 2 === end && unitOf(filter, f + 1) === HASH;
    if (unitOf(topic, t) !== unit) return false;
    t++;
  }
  return t === length;
}

/** Whether every topic that `inner` matches is matched by `outer`; both are valid filters. */
export function includes(outer: string, inner: string): boolean {
  const wide = levelsOf(outer);
  const narrow = levelsOf(inner);
  for (const [i, level] of wide.entries()) {
    const other = narrow[i];
    if (level === '#') return i > 0 || !startsWithDollar(other);
    // Whether `inner` ends here or goes on as it likes, some topic of it has no level of this name.
    if (other === undefined || other === '#') return false;
    if (level === '+' ? i === 0 && startsWithDollar(other) : level !== other) return false;
  }
  return narrow.length === wide.length;
}

/** Whether there is a topic that both valid filters match. */
export function intersects(one: string, another: string): boolean {
  const left = levelsOf(one);
  const right = levelsOf(another);
  for (let i = 0; ; i++) {
    const a = left[i];
    const b = right[i];
    if (i === 0 && (isWild(a) ? startsWithDollar(b) : isWild(b) && startsWithDollar(a))) return false;
    // Either has come to its end, and the other with it or with no more than the `#` that matches its parent.
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return a === b;
    if (a !== '+' && b !== '+' && a !== b) return false;
  }
}

/** No topic is empty: so `+/#` says no more than `#`, and `/#` is without a parent. */
function levelsOf(filter: string): readonly string[] {
  const inner = unshared(filter) ?? filter;
  if (inner === '+/#') return ['#'];
  return inner === '/#' ? ['', '+', '#'] : inner.split('/');
}

function isWild(level: string | undefined): boolean {
  return level === '+' || level === '#';
}

function startsWithDollar(level: string | undefined): boolean {
  return level?.startsWith('$') === true;
}

function unitOf(name: Name, i: number): number {
  return typeof name === 'string' ? name.charCodeAt(i) : (name[i] ?? Number.NaN);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
