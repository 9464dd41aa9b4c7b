/**
 * The retained messages of one tenant, as a tree over the levels of their topics, so that a filter looks at the branches only
 * that it can match (MQTT 5 §4.7). Topics and filters are given in UTF-8 read as latin1, a character a byte: levels compare the
 * same, and strings of one byte a character are small. Owns which message is the last of a topic, by its place in the log.
 */

const DOLLAR = '$';
/** Names of levels that many topics share are kept once. */
const SHARED_NAMES_MAX = 4_096;

export interface RetainedLeaf {
  /** `placeOf` its message in the topic partition's log. */
  readonly place: number;
  /** Milliseconds since the epoch; 0: never. */
  readonly expiresMs: number;
  /** The encoded event read as latin1; where it is too large to be held, its topic. */
  readonly text: string;
  readonly isHeld: boolean;
  /** Of one that is not held, the device that published it. */
  readonly device?: string;
}

interface TopicNode {
  readonly level: string;
  /** One child needs no map: most nodes have no more. */
  only: TopicNode | undefined;
  many: Map<string, TopicNode> | undefined;
  leaf: RetainedLeaf | undefined;
}

export class RetainedTopics {
  readonly #root: TopicNode = newNode('');
  readonly #names = new Map<string, string>();
  #count = 0;
  #searches = 0;
  /** Topics that went while somebody was searching: their nodes stay until then, so that no topic is met twice. */
  #gone: (readonly string[])[] = [];
  /** No message expires before. */
  #expiryMs = Number.POSITIVE_INFINITY;

  get count(): number {
    return this.#count;
  }

  get expiryMs(): number {
    return this.#expiryMs;
  }

  get(topic: string): RetainedLeaf | undefined {
    let node: TopicNode | undefined = this.#root;
    for (const level of topic.split('/')) node = node === undefined ? undefined : childOf(node, level);
    return node?.leaf;
  }

  set(topic: string, leaf: RetainedLeaf): void {
    let node = this.#root;
    for (const level of topic.split('/')) node = childOf(node, level) ?? this.#grow(node, level);
    if (node.leaf === undefined) this.#count++;
    node.leaf = leaf;
    if (leaf.expiresMs > 0) this.#expiryMs = Math.min(this.#expiryMs, leaf.expiresMs);
  }

  delete(topic: string): void {
    const levels = topic.split('/');
    const path = [this.#root];
    for (const level of levels) {
      const child = childOf(path.at(-1) ?? this.#root, level);
      if (child === undefined) return;
      path.push(child);
    }
    const node = path.at(-1);
    if (node?.leaf === undefined) return;
    node.leaf = undefined;
    this.#count--;
    if (this.#searches > 0) this.#gone.push(levels);
    else prune(path);
  }

  /** Every message, in no order. */
  *all(): Iterable<RetainedLeaf> {
    const search = this.search('#', true);
    try {
      for (let leaf = search.next(); leaf !== undefined; leaf = search.next()) yield leaf;
    } finally {
      search.close();
    }
  }

  /** Removes what is expired and calls back for each. */
  expire(nowMs: number, gone: (topic: string, leaf: RetainedLeaf) => void): void {
    if (nowMs < this.#expiryMs) return;
    this.#expiryMs = Number.POSITIVE_INFINITY;
    const path: string[] = [];
    const expired: string[] = [];
    const visit = (node: TopicNode): void => {
      const { leaf } = node;
      if (leaf !== undefined && leaf.expiresMs > 0) {
        if (leaf.expiresMs <= nowMs) expired.push(path.join('/'));
        else this.#expiryMs = Math.min(this.#expiryMs, leaf.expiresMs);
      }
      for (const child of childrenOf(node)) {
        path.push(child.level);
        visit(child);
        path.pop();
      }
    };
    visit(this.#root);
    for (const topic of expired) {
      const leaf = this.get(topic);
      if (leaf === undefined) continue;
      this.delete(topic);
      gone(topic, leaf);
    }
  }

  /**
   * The messages of the topics that the filter matches, one at a time; to be closed. In between the tree may change: a topic
   * is met once at most, and one that was there all the time is met. `everything` passes by the rule that a wildcard in the
   * first level matches no topic that begins with `$` (MQTT-4.7.2-1).
   */
  search(filter: string, everything = false): RetainedSearch {
    this.#searches++;
    return new RetainedSearch(this.#root, filter.split('/'), {
      everything,
      closed: () => {
        if (--this.#searches === 0) this.#pruneGone();
      },
    });
  }

  #grow(parent: TopicNode, level: string): TopicNode {
    const node = newNode(this.#nameOf(level));
    if (parent.many !== undefined) parent.many.set(node.level, node);
    else if (parent.only === undefined) parent.only = node;
    else {
      parent.many = new Map([
        [parent.only.level, parent.only],
        [node.level, node],
      ]);
      parent.only = undefined;
    }
    return node;
  }

  /** A string of its own: one cut out of a topic would keep the topic. */
  #nameOf(level: string): string {
    const known = this.#names.get(level);
    if (known !== undefined) return known;
    const own = Buffer.from(level, 'latin1').toString('latin1');
    if (this.#names.size < SHARED_NAMES_MAX) this.#names.set(own, own);
    return own;
  }

  #pruneGone(): void {
    for (const levels of this.#gone) {
      const path = [this.#root];
      for (const level of levels) {
        const child = childOf(path.at(-1) ?? this.#root, level);
        if (child === undefined) break;
        path.push(child);
      }
      prune(path);
    }
    this.#gone = [];
  }
}

interface Branches {
  readonly nodes: IteratorObject<TopicNode, undefined>;
  /** The level of the filter that these stand at. */
  readonly at: number;
}

export class RetainedSearch {
  readonly #filter: readonly string[];
  readonly #everything: boolean;
  readonly #closed: () => void;
  readonly #root: TopicNode;
  readonly #open: Branches[] = [];
  #isStarted = false;
  #isClosed = false;

  constructor(root: TopicNode, filter: readonly string[], life: { readonly everything: boolean; readonly closed: () => void }) {
    this.#root = root;
    this.#filter = filter;
    this.#everything = life.everything;
    this.#closed = life.closed;
  }

  /** Undefined: that was all. */
  next(): RetainedLeaf | undefined {
    if (this.#isClosed) return undefined;
    if (!this.#isStarted) {
      this.#isStarted = true;
      const leaf = this.#visit(this.#root, 0);
      if (leaf !== undefined) return leaf;
    }
    for (;;) {
      const branches = this.#open.at(-1);
      if (branches === undefined) return undefined;
      const { done, value } = branches.nodes.next();
      if (done === true) {
        this.#open.pop();
        continue;
      }
      if (this.#open.length === 1 && this.#isHidden(value, branches.at)) continue;
      const leaf = this.#visit(value, this.#filter[branches.at] === '#' ? branches.at : branches.at + 1);
      if (leaf !== undefined) return leaf;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#open.length = 0;
    this.#closed();
  }

  /** A node whose path matches the levels before `at`: its own message if that is all, and its branches to be looked at. */
  #visit(from: TopicNode, from0: number): RetainedLeaf | undefined {
    let node = from;
    for (let at = from0; ; at++) {
      const level = this.#filter[at];
      if (level === undefined) return node.leaf;
      if (level === '+' || level === '#') {
        if (hasChildren(node)) this.#open.push({ nodes: childrenOf(node), at });
        // `a/#` matches its parent, `a`, too.
        return level === '#' ? node.leaf : undefined;
      }
      const child = childOf(node, level);
      if (child === undefined) return undefined;
      node = child;
    }
  }

  #isHidden(node: TopicNode, at: number): boolean {
    return at === 0 && !this.#everything && node.level.startsWith(DOLLAR);
  }
}

function newNode(level: string): TopicNode {
  return { level, only: undefined, many: undefined, leaf: undefined };
}

function childOf(node: TopicNode, level: string): TopicNode | undefined {
  if (node.many !== undefined) return node.many.get(level);
  return node.only?.level === level ? node.only : undefined;
}

function hasChildren(node: TopicNode): boolean {
  return node.only !== undefined || node.many !== undefined;
}

function childrenOf(node: TopicNode): IteratorObject<TopicNode, undefined> {
  return node.many === undefined ? (node.only === undefined ? [] : [node.only]).values() : node.many.values();
}

/** Takes out the nodes at the end of the path that hold nothing any more. */
function prune(path: readonly TopicNode[]): void {
  for (let i = path.length - 1; i > 0; i--) {
    const node = path[i];
    const parent = path[i - 1];
    if (node === undefined || parent === undefined || node.leaf !== undefined || hasChildren(node)) return;
    if (parent.only === node) parent.only = undefined;
    else {
      parent.many?.delete(node.level);
      if (parent.many?.size === 0) parent.many = undefined;
    }
  }
}
