/**
 * Bugs put in on purpose, to show that the checker finds them. Each takes what was read and gives it back with one fault.
 * A checker that misses one of these proves nothing by finding none.
 */
import type { LoggedEvent, RecordedRow, TwinLeaves } from './facts.ts';
import { comparePlaces } from './facts.ts';
import type { Violation } from './report.ts';

export const PLANTED = [
  'row-dropped',
  'row-doubled',
  'rows-swapped',
  'ack-forgotten',
  'twin-changed',
  'value-changed',
  'stranger-added',
] as const;
export type Planted = (typeof PLANTED)[number];

/** What the checker must find for each, at least. */
export const FOUND_AS: Readonly<Record<Planted, Violation>> = {
  'row-dropped': 'missing',
  'row-doubled': 'double',
  'rows-swapped': 'outOfOrder',
  'ack-forgotten': 'missing',
  'twin-changed': 'twinMismatch',
  'value-changed': 'wrongContent',
  'stranger-added': 'unexpected',
};

export interface ReadFacts {
  readonly events: readonly LoggedEvent[];
  readonly rows: readonly RecordedRow[];
  readonly twins: ReadonlyMap<string, TwinLeaves | undefined>;
}

/** `pick` chooses which of the accepted rows of `tenant` is spoilt: a fraction in [0, 1). */
export function plant(bug: Planted, facts: ReadFacts, where: { readonly tenant: string; readonly pick: number }): ReadFacts {
  const accepted = facts.rows.filter((row) => row.outcome === 'accepted' && row.tenant === where.tenant);
  const victim = accepted[Math.floor(where.pick * accepted.length)];
  if (victim === undefined) throw new RangeError('there is no accepted row to spoil');
  switch (bug) {
    case 'row-dropped':
      return { ...facts, rows: facts.rows.filter((row) => row !== victim) };
    case 'row-doubled':
      return { ...facts, rows: facts.rows.flatMap((row) => (row === victim ? [row, row] : [row])) };
    case 'rows-swapped':
      return swapped(facts, accepted, victim);
    case 'ack-forgotten':
      return {
        ...facts,
        rows: facts.rows.filter((row) => row !== victim),
        events: facts.events.filter((event) => comparePlaces(event, victim) !== 0),
      };
    case 'twin-changed':
      return changedTwin(facts, victim.device);
    case 'value-changed':
      return {
        ...facts,
        rows: facts.rows.map((row) => (row === victim ? { ...row, metrics: { ...row.metrics, t: (row.metrics['t'] ?? 0) + 1 } } : row)),
      };
    case 'stranger-added': {
      const last = facts.rows.at(-1) ?? victim;
      return { ...facts, rows: [...facts.rows, { ...victim, seq: last.seq + 1, index: 0, n: victim.n + 1_000_000 }] };
    }
  }
}

/** Two neighbouring accepted events of one device change places, in the log and in the rows alike. */
function swapped(facts: ReadFacts, accepted: readonly RecordedRow[], victim: RecordedRow): ReadFacts {
  const own = accepted.filter((row) => row.device === victim.device);
  const at = Math.max(own.indexOf(victim), 1);
  const [first, second] = [own[at - 1], own[at]];
  if (first === undefined || second === undefined) throw new RangeError(`${victim.device} has only one accepted row`);
  const rows = facts.rows.map((row) => {
    const other = row === first ? second : row === second ? first : undefined;
    return other === undefined ? row : { ...other, seq: row.seq, index: row.index };
  });
  return { ...facts, rows };
}

function changedTwin(facts: ReadFacts, device: string): ReadFacts {
  const leaves = facts.twins.get(device);
  const leaf = leaves?.['n'];
  if (leaves === undefined || leaf === undefined) throw new RangeError(`${device} has no twin to spoil`);
  return { ...facts, twins: new Map([...facts.twins, [device, { ...leaves, n: { ...leaf, value: Number(leaf.value) + 1 } }]]) };
}
