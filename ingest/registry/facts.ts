/**
 * What the fold needs to know of devices enters their partition as events, like everything that it depends on: that one was
 * registered, disabled or decommissioned, its group and tags; never a credential. An entry that is handed out twice becomes
 * two events that say the same; the entry's sequence in both tells which of two is the newer.
 *
 * The fold refuses events of devices that are barred. So an edge that is about to let one in again says so in its own lane
 * first, before anything that it takes from the device: waiting for the edge that was handed the entry would be too late.
 */
import { partitionOf } from '../../engine/kernel/partition.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import type { EventDraft, Intake, IntakeFailure, Receipt } from '../message.ts';
import type { RegistryCache } from './cache.ts';
import { decodeEntry } from './codec.ts';
import type { DeviceEntry } from './entries.ts';

/** One entry of the registry, handed to this process alone. */
export interface HandedFact {
  readonly seq: number;
  readonly data: Uint8Array;
  done(): void;
  again(): void;
}

const NO_BYTES = new Uint8Array(0);

export class RegistryFacts implements Receipt {
  readonly #intake: Intake;
  readonly #underWay = new Map<number, HandedFact>();
  #next = 0;

  constructor(intake: Intake, registry: Pick<RegistryCache, 'onReadmitted'>) {
    this.#intake = intake;
    registry.onReadmitted((entry, seq) => this.#readmitted(entry, seq));
  }

  take(handed: HandedFact): void {
    const entry = decodeEntry(handed.data);
    if (entry?.kind !== 'device' || !concernsFold(entry)) {
      handed.done();
      return;
    }
    const tag = this.#next++;
    this.#underWay.set(tag, handed);
    if (!this.#intake.offer(draftOf(entry, handed.seq, this.#intake.partitions), this, tag)) this.#settle(tag, false);
  }

  stored(tag: number): void {
    this.#settle(tag, true);
  }

  failed(tag: number, _failure: IntakeFailure): void {
    this.#settle(tag, false);
  }

  /** A device that was barred is about to be let in here. What fails is said by whoever is handed the entry. */
  #readmitted(entry: DeviceEntry, seq: number): void {
    const draft = draftOf(entry, seq, this.#intake.partitions);
    const tag = this.#next++;
    const offer = (): void => {
      if (!this.#intake.offer(draft, this, tag)) this.#intake.whenRoom(draft.partition, offer);
    };
    offer();
  }

  #settle(tag: number, isStored: boolean): void {
    const handed = this.#underWay.get(tag);
    this.#underWay.delete(tag);
    if (isStored) handed?.done();
    else handed?.again();
  }
}

/** Changes of credentials are nobody's business but the edges'. */
function concernsFold(entry: DeviceEntry): boolean {
  return entry.did?.startsWith('credential-') !== true;
}

function draftOf(entry: DeviceEntry, seq: number, partitions: number): EventDraft {
  const { actor, id, tenant } = entry;
  const payload = Buffer.from(JSON.stringify(factOf(entry, seq)));
  const prefix = encodeEventPrefix({
    tenant,
    device: id,
    kind: KIND.registryFact,
    contentType: CONTENT_TYPE.json,
    via: VIA.internal,
    ...(actor === undefined ? {} : { actor }),
  });
  return {
    partition: partitionOf(tenant, id, partitions),
    prefix,
    extra: NO_BYTES,
    payload,
    start: 0,
    end: payload.length,
    urgent: false,
  };
}

function factOf(entry: DeviceEntry, seq: number): Readonly<Record<string, unknown>> {
  const { deletedMs, did, group, model, state, tags } = entry;
  return {
    seq,
    ...(did === undefined ? {} : { did }),
    state: deletedMs === undefined ? (state ?? 'active') : 'deleted',
    ...(group === undefined ? {} : { group }),
    ...(model === undefined ? {} : { model }),
    ...(tags === undefined ? {} : { tags }),
  };
}
