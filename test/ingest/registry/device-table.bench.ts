/**
 * What a million registered devices, each with a token and two tags, take at an edge, and how long a page of a list by tag
 * takes. Run with `node --expose-gc`; prints a line of JSON.
 */
import { createHash } from 'node:crypto';
import { DeviceTable } from '../../../ingest/registry/device-table.ts';
import type { DeviceEntry } from '../../../ingest/registry/entries.ts';

const DEVICES = 1_000_000;
const SITES = 1_000;
const PAGE = 100;
const PAGES = 400;
/** As the registry's cache looks at a turn of the event loop. */
const LOOKS_A_TURN = 50_000;
const TENANT = 'acme';

function deviceAt(i: number): DeviceEntry {
  const hash = createHash('sha256').update(String(i)).digest('base64url');
  return {
    kind: 'device',
    tenant: TENANT,
    id: `sensor-${String(i).padStart(7, '0')}`,
    createdMs: 1_790_000_000_000 + i,
    externalIds: [],
    credentials: [{ id: hash.slice(0, 8), createdMs: 1_790_000_000_000 + i, hash }],
    tags: { site: `s${i % SITES}`, line: i % 7 },
  };
}

function residentBytes(): number {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Pages of one site's devices, from the first to the last, as a client with a cursor reads them. */
function pagesMs(table: DeviceTable): readonly number[] {
  const times: number[] = [];
  let from = 0;
  for (let page = 0; page < PAGES; page++) {
    const begun = performance.now();
    const rows: number[] = [];
    while (rows.length < PAGE && from < table.rows) {
      const found = table.scan({ tags: { site: 's17' } }, from, { limit: PAGE - rows.length, looksMax: LOOKS_A_TURN });
      rows.push(...found.rows);
      from = found.next;
    }
    const text = JSON.stringify(rows.map((row) => table.entry(TENANT, row)));
    if (rows.length > 0 && !text.includes('"s17"')) throw new Error('the page holds what was not asked for');
    times.push(performance.now() - begun);
    if (from >= table.rows) from = 0;
  }
  return times.toSorted((a, b) => a - b);
}

const before = residentBytes();
const table = new DeviceTable();
for (let i = 0; i < DEVICES; i++) table.put(deviceAt(i), i + 1);
const bytes = (residentBytes() - before) / DEVICES;
const times = pagesMs(table);
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
console.log(JSON.stringify({ 'device-bytes': bytes, 'page-p50-ms': at(0.5), 'page-p99-ms': at(0.99) }));
