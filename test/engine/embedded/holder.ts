/** A process that starts both servers on the folder it is given, says their pids, and lives until it is killed. */
import { join } from 'node:path';
import { startClickHouse } from '../../../engine/embedded/clickhouse-server.ts';
import { startNatsServer } from '../../../engine/embedded/nats-server.ts';

const folder = process.argv[2] ?? '';
const [nats, clickhouse] = await Promise.all([
  startNatsServer({ dataDir: join(folder, 'nats'), port: 0 }),
  startClickHouse({ dataDir: join(folder, 'clickhouse'), port: 0 }),
]);
process.stdout.write(
  `${JSON.stringify({ nats: nats.pid(), clickhouse: clickhouse.pid(), natsPort: nats.port, clickhousePort: clickhouse.port })}\n`,
);
