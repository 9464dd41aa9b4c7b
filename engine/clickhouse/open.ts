/** Opens the analytics store for an engine process. Nothing is sent yet: ClickHouse may be away when an engine starts. */
import { connect, type ClickHouseTarget } from './client.ts';
import { ClickHouseSink } from './clickhouse-sink.ts';

export interface AnalyticsOptions {
  /** `analyst` is known only of a server that this deployment started itself; such a one reads its own tables freely. */
  readonly access: ClickHouseTarget & { readonly analyst?: unknown };
  readonly durability: string;
  readonly retentionDays: number;
}

export function openAnalytics(options: AnalyticsOptions): ClickHouseSink {
  const { access } = options;
  return new ClickHouseSink(connect(access), {
    database: access.database,
    retentionDays: options.retentionDays,
    fsync: options.durability === 'disk',
    ...(access.analyst === undefined ? { dictionaryLogin: { user: access.user, password: access.password } } : {}),
  });
}
