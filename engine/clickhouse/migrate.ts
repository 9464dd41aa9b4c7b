/**
 * Brings a database to the shape that this program writes. Idempotent, and additive only: new columns, new values of an
 * enum, another retention. What would rewrite or drop data is refused with the reason.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Column } from '../../schemas/tables.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { SinkTable } from '../ports/analytics-sink.ts';
import { rows, run } from './client.ts';
import {
  COLUMNS,
  columnDefinition,
  createStatements,
  quoted,
  retention,
  type SchemaOptions,
  tableSettings,
  viewStatements,
} from './ddl.ts';

const TABLES: readonly SinkTable[] = ['events', 'decisions'];

export async function migrate(client: ClickHouseClient, options: SchemaOptions): Promise<void> {
  for (const statement of createStatements(options)) await run(client, statement);
  for (const table of TABLES) {
    await addColumns(client, options, table);
    await adjust(client, options, table);
  }
  for (const statement of viewStatements(options)) await run(client, statement);
}

async function addColumns(client: ClickHouseClient, { database }: SchemaOptions, table: SinkTable): Promise<void> {
  const there = await rows<{ name: string; type: string }>(
    client,
    'SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}',
    {
      params: { database, table },
    },
  );
  const types = new Map(there.map(({ name, type }) => [name, type]));
  const changes: string[] = [];
  let before: Column | undefined;
  for (const column of COLUMNS[table]) {
    const type = types.get(column.name);
    if (type === undefined)
      changes.push(
        `ADD COLUMN IF NOT EXISTS ${columnDefinition(column)} ${before === undefined ? 'FIRST' : `AFTER ${quoted(before.name)}`}`,
      );
    else if (type !== column.type) changes.push(modification(table, column, type));
    before = column;
  }
  if (changes.length > 0) await run(client, `ALTER TABLE ${database}.${table} ${changes.join(', ')}`);
}

function modification(table: SinkTable, column: Column, type: string): string {
  if (isWiderEnum(type, column.type)) return `MODIFY COLUMN ${columnDefinition(column)}`;
  throw new TwinfoldError(
    'server-unfit',
    `column ${table}.${column.name} is ${type} in ClickHouse and must be ${column.type}; that needs a new generation of the table`,
    {
      domain: 'external',
      retryable: false,
    },
  );
}

/** Whether every name of the one enum keeps its number in the other. */
export function isWiderEnum(from: string, to: string): boolean {
  const narrow = enumValues(from);
  const wide = new Set(enumValues(to));
  return narrow.length > 0 && narrow.every((value) => wide.has(value));
}

function enumValues(type: string): readonly string[] {
  if (!type.startsWith('Enum8(')) return [];
  return type
    .slice('Enum8('.length, -1)
    .split(',')
    .map((value) => value.trim());
}

/** Retention and durability are options of a start, not of a table's birth. */
async function adjust(client: ClickHouseClient, options: SchemaOptions, table: SinkTable): Promise<void> {
  const { database } = options;
  const [found] = await rows<{ made: string }>(
    client,
    'SELECT engine_full AS made FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    {
      params: { database, table },
    },
  );
  const made = found?.made ?? '';
  if (!made.includes(`TTL ${retention(options)} `)) {
    // Parts are judged as they are merged or dropped; nothing is rewritten for it.
    await run(client, `ALTER TABLE ${database}.${table} MODIFY TTL ${retention(options)}`, {
      settings: { materialize_ttl_after_modify: 0 },
    });
  }
  const settings = Object.entries(tableSettings(options)).filter(([name, value]) => !new RegExp(`\\b${name} = ${value}(,|$)`).test(made));
  if (settings.length > 0)
    await run(
      client,
      `ALTER TABLE ${database}.${table} MODIFY SETTING ${settings.map(([name, value]) => `${name} = ${value}`).join(', ')}`,
    );
}
