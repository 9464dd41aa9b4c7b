/**
 * The process that is the embedded ClickHouse. The engine's library contains the whole of `clickhouse local`, which can
 * open the genuine HTTP listener; this program loads it and stays inside that one call.
 *
 * The last statement reads stdin, so the engine ends cleanly when our parent closes the pipe, or dies. The engine reads
 * the descriptor itself: nothing here may touch `process.stdin`.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DataType, isNullPointer, load, open, type JsExternal } from 'ffi-rs';
import { must } from '../kernel/assert.ts';

/** An engine that has not ended this long after our parent died is ended by force, so that a new one can have its folder. */
const ORPHAN_MS_MAX = 2_000;

const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    path: { type: 'string' },
    config: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
  },
});

// Signals go to the whole group of processes of a service; the engine must outlive those that still write to it.
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
process.once('disconnect', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_MS_MAX));

const LIBRARY = 'chdb';
open({ library: LIBRARY, path: must(values.library, '--library') });
load({
  library: LIBRARY,
  funcName: 'chdb_set_signal_handlers_enabled',
  retType: DataType.Void,
  paramsType: [DataType.I32],
  paramsValue: [0],
});

const path = must(values.path, '--path');
// The embedded form forgets the tables of database `system` at its end but trips over their files at its next start.
// They hold the query log only. We hold the folder's lock, so nobody uses them.
rmSync(join(path, 'data', 'system'), { recursive: true, force: true });

const words = [
  'clickhouse',
  `--path=${path}`,
  `--http_port=${must(values.port, '--port')}`,
  `--listen_host=${must(values.host, '--host')}`,
  `--config-file=${must(values.config, '--config')}`,
  '--query',
  "SYSTEM START LISTEN HTTP; SELECT * FROM file('-', LineAsString, 'line String') FORMAT Null",
];
const result = await load({
  library: LIBRARY,
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [words.length, words],
  runInNewThread: true,
});

const failure = readFailure(result);
if (failure !== undefined) process.stderr.write(`${failure}\n`);
process.exit(failure === undefined ? 0 : 1);

function readFailure(outcome: JsExternal): string | undefined {
  const call = { library: LIBRARY, funcName: 'chdb_result_error', paramsType: [DataType.External], paramsValue: [outcome] };
  // Reading the text of a call that went well would follow a null pointer.
  if (isNullPointer(load({ ...call, retType: DataType.External }))) return undefined;
  return load({ ...call, retType: DataType.String });
}
