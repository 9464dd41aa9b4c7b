/**
 * Topic filters as a tree of levels: which entries a topic reaches. One tree holds the filters of one tenant; what lies in
 * it is granted, and shared filters stand without their group.
 */

/** Most stand alone under their filter. */
type Entries<T> = T | Set<T> | undefined;

interface Node<T> {
  /** Entries whose filter ends here. */
  here: Entries<T>;
  /** Entries whose filter goes on with `#`, and ends so. */
  below: Entries<T>;
  plus: Node<T> | undefined;
  /** A single child needs no map: most nodes have no more. */
  onlyLevel: string;
  only: Node<T> | undefined;
  many: Map<string, Node<T>> | undefined;
}

/** Topics whose matches are remembered, and the entries in all of them together; then all is forgotten. */
const KNOWN_TOPICS_MAX = 4_096;
const KNOWN_ENTRIES_MAX = 262_144;

export class SubscriptionTree<T, R> {
  readonly #root: Node<T> = newNode();
  readonly #result: (matched: readonly T[]) => R;
  #size = 0;
  readonly #known = new Map<string, R>();
  #knownEntries = 0;

  /** `result`: what `match` makes of the entries that it found; remembered with them. */
  constructor(result: (matched: readonly T[]) => R) {
    this.#result = result;
  }

  /** Filters, each counted for each of its entries. */
  get size(): number {
    return this.#size;
  }

  /** An entry may stand under several filters, under each once. */
  add(filter: string, entry: T): void {
    let node = this.#root;
    const levels = filter.split('/');
    const last = levels.length - 1;
    const endsBelow = levels[last] === '#';
    for (let i = 0; i < (endsBelow ? last : levels.length); i++) node = childOf(node, levels[i] ?? '');
    if (!addTo(node, endsBelow ? 'below' : 'here', entry)) return;
    this.#size++;
    this.#forget();
  }

  remove(filter: string, entry: T): void {
    if (remove(this.#root, { levels: filter.split('/'), entry }, 0)) {
      this.#size--;
      this.#forget();
    }
  }

  /** Of all entries whose filter matches; one that stands under several such filters is there several times. */
  match(topic: string): R {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const found: T[] = [];
    collect(this.#root, topic.split('/'), { depth: 0, wild: !topic.startsWith('$'), found });
    if (this.#known.size >= KNOWN_TOPICS_MAX || this.#knownEntries + found.length > KNOWN_ENTRIES_MAX) this.#forget();
    const result = this.#result(found);
    this.#known.set(topic, result);
    this.#knownEntries += found.length;
    return result;
  }

  /** As `match`, put behind what is in `found`; remembers nothing, for who asks about very many topics once each. */
  find(topic: string, found: T[]): void {
    find(this.#root, topic, { at: 0, wild: !topic.startsWith('$'), found });
  }

  #forget(): void {
    if (this.#known.size === 0) return;
    this.#known.clear();
    this.#knownEntries = 0;
  }
}

function newNode<T>(): Node<T> {
  return { here: undefined, below: undefined, plus: undefined, onlyLevel: '', only: undefined, many: undefined };
}

function childOf<T>(node: Node<T>, level: string): Node<T> {
  if (level === '+') return (node.plus ??= newNode());
  const known = namedChild(node, level);
  if (known !== undefined) return known;
  const child = newNode<T>();
  if (node.many !== undefined) node.many.set(level, child);
  else if (node.only === undefined) {
    node.onlyLevel = level;
    node.only = child;
  } else {
    node.many = new Map([
      [node.onlyLevel, node.only],
      [level, child],
    ]);
    node.onlyLevel = '';
    node.only = undefined;
  }
  return child;
}

function namedChild<T>(node: Node<T>, level: string): Node<T> | undefined {
  if (node.many !== undefined) return node.many.get(level);
  return node.only !== undefined && node.onlyLevel === level ? node.only : undefined;
}

/** Whether it was there; nodes that are empty then go. */
function remove<T>(node: Node<T>, what: { readonly levels: readonly string[]; readonly entry: T }, depth: number): boolean {
  const { levels, entry } = what;
  const level = levels[depth];
  if (level === undefined) return removeFrom(node, 'here', entry);
  if (level === '#' && depth === levels.length - 1) return removeFrom(node, 'below', entry);
  const child = level === '+' ? node.plus : namedChild(node, level);
  if (child === undefined || !remove(child, what, depth + 1)) return false;
  if (isEmpty(child)) {
    if (level === '+') node.plus = undefined;
    else if (node.many === undefined) node.only = undefined;
    else node.many.delete(level);
  }
  return true;
}

function isEmpty<T>(node: Node<T>): boolean {
  const { below, here, many, only, plus } = node;
  return here === undefined && below === undefined && (many?.size ?? 0) === 0 && plus === undefined && only === undefined;
}

/** False: it is there already. */
function addTo<T>(node: Node<T>, where: 'here' | 'below', entry: T): boolean {
  const entries = node[where];
  if (entries instanceof Set) {
    if (entries.has(entry)) return false;
    entries.add(entry);
    return true;
  }
  if (entries === entry) return false;
  node[where] = entries === undefined ? entry : new Set([entries, entry]);
  return true;
}

/** False: it isn't there. */
function removeFrom<T>(node: Node<T>, where: 'here' | 'below', entry: T): boolean {
  const entries = node[where];
  if (entries instanceof Set) {
    if (!entries.delete(entry)) return false;
    if (entries.size === 0) node[where] = undefined;
    return true;
  }
  if (entries === undefined || entries !== entry) return false;
  node[where] = undefined;
  return true;
}

function gather<T>(entries: Entries<T>, found: T[]): void {
  if (entries instanceof Set) for (const entry of entries) found.push(entry);
  else if (entries !== undefined) found.push(entries);
}

/** As `collect`, from the level that begins at a place of the topic; behind its end there is none left. */
function find<T>(node: Node<T>, topic: string, way: { readonly at: number; readonly wild: boolean; readonly found: T[] }): void {
  const { at, found, wild } = way;
  if (wild) gather(node.below, found);
  if (at > topic.length) {
    gather(node.here, found);
    return;
  }
  const slash = topic.indexOf('/', at);
  const end = slash === -1 ? topic.length : slash;
  const child = namedChild(node, topic.slice(at, end));
  if (child === undefined && (!wild || node.plus === undefined)) return;
  const next = { at: end + 1, wild: true, found };
  if (wild && node.plus !== undefined) find(node.plus, topic, next);
  if (child !== undefined) find(child, topic, next);
}

/** `wild`: a wildcard as the first level doesn't match a topic that begins with `$` (MQTT-4.7.2-1). */
function collect<T>(
  node: Node<T>,
  levels: readonly string[],
  way: { readonly depth: number; readonly wild: boolean; readonly found: T[] },
): void {
  const { depth, wild, found } = way;
  // `a/#` matches its parent, `a`, too.
  if (wild) gather(node.below, found);
  const level = levels[depth];
  if (level === undefined) {
    gather(node.here, found);
    return;
  }
  const next = { depth: depth + 1, wild: true, found };
  if (wild && node.plus !== undefined) collect(node.plus, levels, next);
  const child = namedChild(node, level);
  if (child !== undefined) collect(child, levels, next);
}
