/**
 * One listener that reads at its own pace. While it keeps up it is handed items as they come; when its budget is used up it
 * stops listening where it is, holds nobody else, and reads on from the log once there is room again. Either way it gets
 * every item that it wants from its place on, once, and those of one partition in their order.
 */
import type { CatchUp, ReadingPart } from './catch-up.ts';
import { type FeedItem, kindMask, type KindMask } from './feed-item.ts';
import type { PartitionHead } from './partition-head.ts';
import { encodeToken, isBefore, type Place } from './place.ts';
import type { TenantAudience } from './record-walk.ts';

/** A reader that takes its page within this time goes on where it reads; another's way through the log is given up until it does. */
const ROOM_MS_MAX = 1_000;

export interface ReaderOptions {
  readonly tenant: string;
  /** Undefined: every device of the tenant. */
  readonly device: string | undefined;
  readonly kinds: KindMask;
  /** Asked for every item of the above; absent: all are wanted. Must not throw. */
  readonly wants?: ((item: FeedItem) => boolean) | undefined;
  /** What may wait for the reader; one item may be larger. */
  readonly budgetBytes: number;
}

export interface FeedPage {
  /** May be empty where there is a gap. */
  readonly items: readonly FeedItem[];
  /** The log has forgotten what was before: items before this log time may be missing. */
  readonly gap?: { readonly fromMs: number };
}

export class FeedReader {
  readonly options: ReaderOptions;
  readonly #parts: readonly Part[];
  readonly #byPartition = new Map<number, Part>();
  readonly #catchUp: CatchUp;
  readonly #onClose: (reader: FeedReader) => void;
  #queue: FeedItem[] = [];
  #bytes = 0;
  #page: readonly FeedItem[] = [];
  /** How many of the page were told off. */
  #told = 0;
  #gapMs: number | undefined;
  #wake: (() => void) | undefined;
  #onRoom: ((isThere: boolean) => void) | undefined;
  #isReading = false;
  #nextPart = 0;
  isClosed = false;

  /** The heads are held for it; a part without a place listens from the head's on. */
  constructor(
    options: ReaderOptions,
    parts: {
      readonly heads: readonly { readonly head: PartitionHead; readonly from: Place | undefined }[];
      readonly catchUp: CatchUp;
      readonly onClose: (reader: FeedReader) => void;
    },
  ) {
    this.options = options;
    this.#catchUp = parts.catchUp;
    this.#onClose = parts.onClose;
    this.#parts = parts.heads.map(({ head, from }) => new Part(this, head, from));
    for (const part of this.#parts) this.#byPartition.set(part.partition, part);
  }

  /**
   * What has come since, as soon as there is something; undefined: the reader was closed. What the call before answered counts
   * as taken. One call at a time.
   */
  async next(): Promise<FeedPage | undefined> {
    while (this.#told < this.#page.length) this.#tell(this.#page[this.#told]);
    this.#page = [];
    this.#told = 0;
    this.#readOn();
    while (this.#queue.length === 0 && this.#gapMs === undefined && !this.isClosed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.isClosed) return undefined;
    const items = this.#queue;
    const gap = this.#gapMs === undefined ? {} : { gap: { fromMs: this.#gapMs } };
    this.#page = items;
    this.#queue = [];
    this.#bytes = 0;
    this.#gapMs = undefined;
    this.#onRoom?.(true);
    this.#readOn();
    return { items, ...gap };
  }

  /** Pages for ever, until it is closed. */
  async *[Symbol.asyncIterator](): AsyncIterator<FeedPage> {
    for (let page = await this.next(); page !== undefined; page = await this.next()) yield page;
  }

  /** Where to go on after the item, which is the next of the last page: items are told off in their order. */
  tokenAfter(item: FeedItem): string {
    while (this.#told < this.#page.length) {
      const next = this.#page[this.#told];
      this.#tell(next);
      if (next === item) break;
    }
    return this.token();
  }

  /** Where to go on after what was told off, or taken by the next call; moves on also where nothing is wanted. */
  token(): string {
    return encodeToken(this.#parts.map((part) => [part.partition, part.handed()] as const));
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#queue = [];
    this.#bytes = 0;
    for (const part of this.#parts) part.close();
    this.#onRoom?.(false);
    this.#awake();
    this.#onClose(this);
  }

  /** Of a part: whether there is room for the item. */
  queue(item: FeedItem): boolean {
    const { bytes } = item;
    if (this.#queue.length > 0 && this.#bytes + bytes > this.options.budgetBytes) return false;
    this.#queue.push(item.keep());
    this.#bytes += bytes;
    this.#awake();
    return true;
  }

  /** Of a part: resolves true when the page is taken, false when it isn't soon. Only one part reads at a time. */
  async room(): Promise<boolean> {
    if (this.isClosed || this.#queue.length === 0) return !this.isClosed;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#onRoom = resolve;
    const timer = setTimeout(resolve, ROOM_MS_MAX, false);
    const isThere = await promise;
    clearTimeout(timer);
    this.#onRoom = undefined;
    return isThere;
  }

  /** Of a part: the log has forgotten something. */
  missed(fromMs: number): void {
    this.#gapMs = Math.max(this.#gapMs ?? 0, fromMs);
    this.#awake();
  }

  /** Of a part: it doesn't listen any more. */
  fellBehind(): void {
    this.#readOn();
  }

  #tell(item: FeedItem | undefined): void {
    this.#told++;
    if (item !== undefined) this.#byPartition.get(item.partition)?.tell(item);
  }

  /** One part at a time reads from the log, while there is room. */
  #readOn(): void {
    if (this.#isReading || this.isClosed || this.#parts.every((part) => part.isLive)) return;
    this.#isReading = true;
    void this.#read().finally(() => {
      this.#isReading = false;
      // It was full, and what filled it was taken while it ended.
      if (this.#queue.length === 0) this.#readOn();
    });
  }

  async #read(): Promise<void> {
    // Not within the call that it came from: that may be the head's own.
    await Promise.resolve();
    for (;;) {
      if (this.isClosed || this.#bytes * 2 > this.options.budgetBytes) return;
      const part = this.#nextBehind();
      if (part === undefined) return;
      part.begin();
      if (await this.#catchUp.run(part, part.head)) continue;
      if (part.isFull) return;
    }
  }

  #nextBehind(): Part | undefined {
    for (let i = 0; i < this.#parts.length; i++) {
      const part = this.#parts[(this.#nextPart + i) % this.#parts.length];
      if (part === undefined || part.isLive) continue;
      this.#nextPart = (this.#nextPart + i + 1) % this.#parts.length;
      return part;
    }
    return undefined;
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** The reader in one partition. */
class Part implements ReadingPart, TenantAudience {
  readonly head: PartitionHead;
  readonly #reader: FeedReader;
  #place: Place;
  /** Up to where the caller has everything, while it has not got all that is queued. */
  #handed: Place;
  /** Items that are queued, or handed out and not told off. */
  #pending = 0;
  isLive = false;
  isFull = false;
  recordSeq = 0;
  onClose: (() => void) | undefined;

  constructor(reader: FeedReader, head: PartitionHead, from: Place | undefined) {
    this.#reader = reader;
    this.head = head;
    this.#place = from ?? { seq: Math.max(1, head.nextSeq), slot: 0 };
    this.#handed = this.#place;
    if (from !== undefined) return;
    head.listen(this);
    this.isLive = true;
  }

  get partition(): number {
    return this.head.partition;
  }

  get tenant(): string {
    return this.#reader.options.tenant;
  }

  get device(): string | undefined {
    return this.#reader.options.device;
  }

  get kinds(): KindMask {
    return this.#reader.options.kinds;
  }

  get place(): Place {
    return this.#place;
  }

  get isClosed(): boolean {
    return this.#reader.isClosed;
  }

  of(tenant: string): TenantAudience | undefined {
    return tenant === this.tenant ? this : undefined;
  }

  hears(device: string): boolean {
    return this.device === undefined || device === this.device;
  }

  begin(): void {
    this.isFull = false;
  }

  async room(): Promise<boolean> {
    const isThere = await this.#reader.room();
    if (isThere) this.isFull = false;
    return isThere;
  }

  joined(): void {
    this.isLive = true;
    // By the time that it reads alone again, the place is far beyond.
    this.recordSeq = 0;
  }

  item(item: FeedItem): void {
    if (this.take(item)) return;
    this.head.leave(this);
    this.isLive = false;
  }

  take(item: FeedItem): boolean {
    const { seq, slot } = item;
    if (!isBefore(this.#place, seq, slot + 1)) return true;
    const { kinds, wants } = this.#reader.options;
    const isWanted = (kinds & kindMask(item.kind)) !== 0 && (wants === undefined || wants(item));
    if (isWanted && !this.#reader.queue(item)) {
      this.#place = { seq, slot };
      this.isFull = true;
      return false;
    }
    this.#place = { seq, slot: slot + 1 };
    if (isWanted) this.#pending++;
    return true;
  }

  passed(nextSeq: number): void {
    if (nextSeq > this.#place.seq) this.#place = { seq: nextSeq, slot: 0 };
  }

  lost(_partition: number, seq: number): void {
    this.passed(seq);
    this.isLive = false;
    this.recordSeq = 0;
    this.#reader.fellBehind();
  }

  skipTo(seq: number, fromMs: number): void {
    this.#place = { seq, slot: 0 };
    this.#reader.missed(fromMs);
  }

  tell({ seq, slot }: FeedItem): void {
    this.#pending--;
    this.#handed = { seq, slot: slot + 1 };
  }

  handed(): Place {
    if (this.#pending > 0) return this.#handed;
    const { seq } = this.#place;
    return this.isLive && this.head.nextSeq > seq ? { seq: this.head.nextSeq, slot: 0 } : this.#place;
  }

  close(): void {
    this.head.leave(this);
    this.onClose?.();
    this.head.release();
  }
}
