/** Reads an encoded `TwinSnapshot` into a partition's state: straight into the columns, a device at a time. */
import {
  type AggregateState,
  BootWindowReader,
  ClaimedIdReader,
  CoveredMessageReader,
  decodeAggregateState,
  DeviceStateReader,
  LEAF_VALUE,
  LeafReader,
  TwinSectionReader,
  TwinSnapshotReader,
  WriterStateReader,
} from '../../schemas/gen/lean.ts';
import { readText } from '../../schemas/wire.ts';
import { restoreBoot } from '../domain/deduplication.ts';
import { LEAF_BOOLEAN, LEAF_DIGITS, LEAF_NUMBER, LEAF_TEXT } from '../domain/telemetry-sample.ts';
import { PAGE_UNITS_MASK } from '../domain/twin-arena.ts';
import { DeviceKey, FIRST_SEQ, LAST_INDEX, LAST_SEQ } from '../domain/twin-store.ts';
import { parseLifecycle, setLifecycle } from '../domain/twin-lifecycle.ts';
import { checkName, isIdSpan } from '../domain/validation.ts';
import { LatestRestorer } from '../domain/twin-restore.ts';
import type { RestoredLeaf } from '../domain/twin-restore.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import { LIFECYCLE_SECTION } from './decisions.ts';
import { FOLD_VERSION, PartitionState } from './partition-state.ts';
import { ERASURE_KIND, OUTBOX_KIND, QUOTA_KIND, SESSION_KIND } from './snapshot-writer.ts';

export interface OpenedSnapshot {
  readonly state: PartitionState;
  /** The control record that it covers. */
  readonly recordSeq: number;
}

/** Throws `corrupt` for bytes that are no snapshot of this partition, or of a newer fold. */
export function openSnapshot(bytes: Uint8Array, home: { readonly partition: number; readonly partitions: number }): OpenedSnapshot {
  const state = new PartitionState(home.partition, home.partitions);
  const recordSeq = new SnapshotReader(bytes, state).read();
  return { state, recordSeq };
}

class SnapshotReader {
  readonly #bytes: Uint8Array;
  readonly #state: PartitionState;
  readonly #snapshot = new TwinSnapshotReader();
  readonly #device = new DeviceStateReader();
  readonly #leaf = new LeafReader();
  readonly #boot = new BootWindowReader();
  readonly #claim = new ClaimedIdReader();
  readonly #section = new TwinSectionReader();
  readonly #key = new DeviceKey();
  readonly #restorer: LatestRestorer;
  readonly #restored: RestoredLeaf = { name: 0, type: LEAF_NUMBER, number: 0, start: 0, end: 0, ms: 0, seq: 0, index: 0, item: 0 };
  /** Numbers that the store gave to the snapshot's names. */
  #names = new Int32Array(0);

  constructor(bytes: Uint8Array, state: PartitionState) {
    this.#bytes = bytes;
    this.#state = state;
    this.#restorer = new LatestRestorer(state.twins, bytes);
  }

  read(): number {
    const bytes = this.#bytes;
    const snapshot = this.#snapshot;
    const state = this.#state;
    check(snapshot.read(bytes, 0, bytes.length), 'its bytes are malformed');
    check(snapshot.partition === state.partition, `it is of partition ${snapshot.partition}`);
    check(snapshot.foldVersion <= FOLD_VERSION, `it is of fold version ${snapshot.foldVersion}`);
    const last = new CoveredMessageReader();
    if (snapshot.hasLast) {
      check(last.read(bytes, snapshot.lastStart, snapshot.lastEnd), 'its last message is malformed');
      state.last = { seq: last.seq, timestampMs: last.timestampMs, edgeEpoch: last.edgeEpoch, counter: last.counter };
    }
    state.logMs = snapshot.logMs;
    this.#readNames();
    const writer = new WriterStateReader();
    for (let i = 0; i < snapshot.writersCount; i++) {
      check(writer.read(bytes, snapshot.writersStarts[i] as number, snapshot.writersEnds[i] as number), 'a writer is malformed');
      state.writers.restore(writer);
    }
    for (let i = 0; i < snapshot.aggregatesCount; i++) {
      const aggregate = decodeAggregateState(bytes, snapshot.aggregatesStarts[i], snapshot.aggregatesEnds[i]);
      check(aggregate !== undefined, 'an aggregate is malformed');
      this.#readAggregate(aggregate);
    }
    for (let i = 0; i < snapshot.devicesCount; i++) {
      check(this.#device.read(bytes, snapshot.devicesStarts[i] as number, snapshot.devicesEnds[i] as number), 'a device is malformed');
      this.#readDevice();
    }
    return snapshot.recordSeq;
  }

  #readAggregate({ body, id, kind, tenant, version }: AggregateState): void {
    const { erasures, outbox, quotas, sessions } = this.#state;
    switch (kind) {
      case SESSION_KIND:
        check(sessions.restore(body), 'a session is malformed, or there twice');
        return;
      case OUTBOX_KIND:
        outbox.add({ target: version, event: body });
        return;
      case QUOTA_KIND:
        check(quotas.restore(tenant, id, readText(body, 0, body.length)), 'a quota account is malformed');
        return;
      default: {
        check(kind === ERASURE_KIND, 'an aggregate is of no known kind');
        const { index, logMs } = erasureOf(readText(body, 0, body.length));
        erasures.restore({ tenant, device: id, seq: version, index, logMs });
      }
    }
  }

  #readNames(): void {
    const snapshot = this.#snapshot;
    const bytes = this.#bytes;
    this.#names = new Int32Array(snapshot.namesCount);
    for (let i = 0; i < snapshot.namesCount; i++) {
      const start = snapshot.namesStarts[i] as number;
      const end = snapshot.namesEnds[i] as number;
      const hash = checkName(bytes, start, end);
      check(hash >= 0, 'a name is malformed');
      this.#names[i] = this.#state.twins.names.internBytes(bytes.subarray(start, end), hash);
    }
  }

  #readDevice(): void {
    const device = this.#device;
    const bytes = this.#bytes;
    const { twins, claimedIds, partition, partitions } = this.#state;
    const key = this.#key;
    check(
      isIdSpan(bytes, device.tenantStart, device.tenantEnd) && isIdSpan(bytes, device.deviceStart, device.deviceEnd),
      'a device has no sound id',
    );
    key.bytes = bytes;
    key.tenantStart = device.tenantStart;
    key.tenantEnd = device.tenantEnd;
    key.deviceStart = device.deviceStart;
    key.deviceEnd = device.deviceEnd;
    key.setHash();
    check(key.partition(partitions) === partition, 'a device belongs to another partition');
    check(twins.find(key) === 0, 'a device is there twice');
    const address = twins.create(key);
    const doubles = twins.doublesAt(address);
    doubles[(address & PAGE_UNITS_MASK) + FIRST_SEQ] = device.firstSeq;
    doubles[(address & PAGE_UNITS_MASK) + LAST_SEQ] = device.lastSeq;
    twins.wordsAt(address)[(address & PAGE_UNITS_MASK) * 2 + LAST_INDEX] = device.lastIndex;
    for (let i = 0; i < device.latestCount; i++) this.#readLeaf(device.latestStarts[i] as number, device.latestEnds[i] as number);
    this.#restorer.restore(address);
    for (let i = 0; i < device.bootsCount; i++) {
      const boot = this.#boot;
      check(boot.read(bytes, device.bootsStarts[i] as number, device.bootsEnds[i] as number), 'a boot is malformed');
      restoreBoot(twins, address, { boot: boot.bootId, highest: boot.highest, low: boot.windowLow, high: boot.windowHigh });
    }
    for (let i = 0; i < device.claimedIdsCount; i++) {
      const claim = this.#claim;
      check(claim.read(bytes, device.claimedIdsStarts[i] as number, device.claimedIdsEnds[i] as number), 'a claimed id is malformed');
      claimedIds.claim(address, { bytes, start: claim.idStart, end: claim.idEnd }, claim);
    }
    for (let i = 0; i < device.sectionsCount; i++)
      this.#readSection(address, device.sectionsStarts[i] as number, device.sectionsEnds[i] as number);
  }

  #readSection(address: number, start: number, end: number): void {
    const section = this.#section;
    check(section.read(this.#bytes, start, end), 'a section is malformed');
    check(readText(this.#bytes, section.sectionStart, section.sectionEnd) === LIFECYCLE_SECTION, 'a section is of no known name');
    const lifecycle = parseLifecycle(readText(this.#bytes, section.bodyStart, section.bodyEnd), section.version);
    check(lifecycle !== undefined, "a device's state is malformed");
    setLifecycle(this.#state.twins, address, lifecycle);
  }

  #readLeaf(start: number, end: number): void {
    const leaf = this.#leaf;
    const restored = this.#restored;
    check(leaf.read(this.#bytes, start, end) && leaf.name < this.#names.length, 'a leaf is malformed');
    restored.name = this.#names[leaf.name] as number;
    restored.ms = leaf.eventMs;
    restored.seq = leaf.seq;
    restored.index = leaf.index;
    restored.item = leaf.item;
    switch (leaf.valueCase) {
      case LEAF_VALUE.number:
        restored.type = LEAF_NUMBER;
        restored.number = leaf.number;
        break;
      case LEAF_VALUE.boolean:
        restored.type = LEAF_BOOLEAN;
        restored.number = leaf.boolean ? 1 : 0;
        break;
      case LEAF_VALUE.text:
        restored.type = LEAF_TEXT;
        restored.start = leaf.textStart;
        restored.end = leaf.textEnd;
        break;
      case LEAF_VALUE.digits:
        restored.type = LEAF_DIGITS;
        restored.start = leaf.digitsStart;
        restored.end = leaf.digitsEnd;
        break;
      default:
        check(false, 'a leaf has no value');
    }
    this.#restorer.add(restored);
  }
}

function erasureOf(text: string): { readonly index: number; readonly logMs: number } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  check(typeof value === 'object' && value !== null && 'index' in value && 'logMs' in value, 'an erasure is malformed');
  check(typeof value.index === 'number' && typeof value.logMs === 'number', 'an erasure is malformed');
  return { index: value.index, logMs: value.logMs };
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new TwinfoldError('corrupt', `the snapshot can't be used: ${what}`, { domain: 'internal', retryable: false });
}
