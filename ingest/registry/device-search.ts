/** Looks through a tenant's devices in turns, so that others get theirs meanwhile. */
import type { DeviceFilter, DeviceTable } from './device-table.ts';

/** Rows that a search looks at before others get their turn: about a millisecond. */
const LOOKS_A_TURN = 50_000;

export interface FoundRows {
  readonly rows: readonly number[];
  /** The first row that wasn't looked at. */
  readonly next: number;
}

/** Rows that fit, from a row on, `limit` at most. */
export async function searchRows(
  table: DeviceTable,
  filter: DeviceFilter,
  page: { readonly from: number; readonly limit: number },
): Promise<FoundRows> {
  const rows: number[] = [];
  let row = page.from;
  while (row < table.rows && rows.length < page.limit) {
    if (row > page.from) await new Promise((resolve) => setImmediate(resolve));
    const found = table.scan(filter, row, { limit: page.limit - rows.length, looksMax: LOOKS_A_TURN });
    rows.push(...found.rows);
    row = found.next;
  }
  return { rows, next: row };
}

/** How many devices name the group; one that was decommissioned names it for the records alone. */
export async function countNaming(table: DeviceTable, group: string): Promise<number> {
  let count = 0;
  for (let from = 0; from < table.rows;) {
    const found = await searchRows(table, { group }, { from, limit: LOOKS_A_TURN });
    count += found.rows.filter((row) => table.stateAt(row) !== 'decommissioned').length;
    from = found.next;
  }
  return count;
}
