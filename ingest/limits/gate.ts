/** Who stands at the gate, and the levels that limit them: looked up once, and again when anybody's limits change. */
import type { CompiledRate } from '../../engine/domain/limits-doc.ts';
import type { LeasedAccount } from './leased-account.ts';
import type { LimitScope } from './limit-hit.ts';
import type { BucketKey, BucketTable, BucketTables } from '../limits.ts';

/** Who stands at the gate. */
export interface Sender {
  readonly tenant: string;
  readonly device: string | undefined;
  /** Name of the API key, where it is no device. */
  readonly key: string | undefined;
  readonly listener: string;
  readonly address: string | undefined;
}

/** One bucket a rate, of one subject. */
export interface Level {
  readonly scope: LimitScope;
  readonly rates: readonly CompiledRate[];
  readonly table: BucketTable;
  readonly key: BucketKey;
  slot: number;
  generation: number;
}

/** `rest`: all but device and group, for requests that speak for many devices, which then have gates of their own. */
export type GatePart = 'all' | 'rest' | 'device' | 'group';

/** A sender with the levels that limit it, looked up when they were last changed. */
export class Gate {
  readonly sender: Sender;
  readonly part: GatePart;
  readonly group: string | undefined;
  generation = -1;
  levels: readonly Level[] = [];
  accounts: readonly LeasedAccount[] = [];
  countsPoints = false;

  /** `group`: for part `group`, the only one of the sender's groups that is looked at. */
  constructor(sender: Sender, part: GatePart = 'all', group?: string) {
    this.sender = sender;
    this.part = part;
    this.group = group;
  }
}

// oxlint-disable-next-line max-params
export function levelOf(scope: LimitScope, rates: readonly CompiledRate[], tables: BucketTables, key: BucketKey): Level {
  return { scope, rates, table: tables.of(rates.length), key, slot: 0, generation: -1 };
}

/** The level's slot in its table; slots move. */
export function slotOf(level: Level, nowMs: number): number {
  const { table } = level;
  if (level.generation !== table.generation) {
    level.slot = table.slotOf(level.key, nowMs);
    level.generation = table.generation;
  }
  return level.slot;
}
