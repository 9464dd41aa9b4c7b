/**
 * Which statements of an analyst are passed on, of one tenant or of all. The store's own users, filters and limits keep
 * tenants apart; this closes what they leave open: functions that read the server's files, or a table's inner parts past its
 * filters. The statement is judged by the tree that the store's own parser makes of it, so there is no second opinion about
 * SQL.
 */

/** As `Refusal.detail`. */
export type SqlVerdict = { readonly ok: true } | { readonly ok: false; readonly detail: string };

export const STATEMENT_BYTES_MAX = 256 * 1024;

/** Kinds of statements, by the first node of their tree. */
const STATEMENTS: ReadonlySet<string> = new Set(['SelectWithUnionQuery', 'SelectIntersectExceptQuery', 'DescribeQuery', 'ShowTables']);

/** Table functions that make rows of nothing but their arguments; every other table function reads something. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'generateseries',
  'generate_series',
  'values',
  'null',
  'view',
  'primes',
]);

/** Formats of an answer that are made of nothing but its rows: others read a template or a schema from a file. */
export const FORMATS: ReadonlySet<string> = new Set(
  `CSV CSVWithNames CSVWithNamesAndTypes TabSeparated TSV TabSeparatedWithNames TSVWithNames TabSeparatedWithNamesAndTypes
   TSVWithNamesAndTypes TabSeparatedRaw TSVRaw JSON JSONStrings JSONColumns JSONCompact JSONCompactColumns JSONEachRow NDJSON JSONLines
   JSONStringsEachRow JSONCompactEachRow JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes Pretty PrettyCompact
   PrettySpace Vertical Values XML Markdown Native RowBinary RowBinaryWithNames RowBinaryWithNamesAndTypes Parquet Arrow ArrowStream
   Null`.split(/\s+/),
);

/**
 * Of the other functions, those that reach outside of the tables or tell of the machine. The right side of IN may be a
 * table function without standing where tables do, so those that read are here as well.
 */
const REFUSED: ReadonlySet<string> = new Set([
  'file',
  'catboostevaluate',
  'getserverport',
  'getmacro',
  'getsetting',
  'getsettingordefault',
  'getclienthttpheader',
  'showcertificate',
  'serveruuid',
  'hostname',
  'fullhostname',
  'fqdn',
  'buildid',
  'buildoptions',
  'sleep',
  'sleepeachrow',
  'addresstoline',
  'addresstolinewithinlines',
  'addresstosymbol',
  'demangle',
  'logtrace',
  'cluster',
  'clusterallreplicas',
  'dictionary',
  'eval',
  'executable',
  'filesystem',
  'input',
  'jdbc',
  'loop',
  'merge',
  'mongodb',
  'mysql',
  'odbc',
  'oss',
  'cosn',
  'gcs',
  'postgresql',
  'python',
  'redis',
  'remote',
  'remotesecure',
  'sqlite',
  'ytsaurus',
  'viewexplain',
  'viewifpermitted',
  'sqlstandardvalues',
]);
const REFUSED_FAMILIES =
  /^(ai(generate|classify|extract|translate|embed)|mergetree|file[a-z]*cluster|filesystem|url(cluster)?$|s3|hdfs|azureblob|deltalake|hudi|iceberg|paimon|prometheus|timeseries(data|metrics|samples|selector|tags)$|fuzz|dictget|dicthas|dictis|joinget)/;

/**
 * A text whose answer's format is said in it would say it for the tree too, and hide what is in it: `FORMAT x` is taken off
 * the end and goes beside the text; anywhere else it is refused, in strings and comments as well. `format(…)` is a function.
 */
const FORMAT_AT_END = /\s+FORMAT\s+([A-Za-z][A-Za-z0-9]{0,63})\s*;?\s*$/i;
const FORMAT_ANYWHERE = /\bformat\b(?!\s*\()/i;
const INTO_ANYWHERE = /\binto\s+outfile\b/i;

export interface SplitStatement {
  readonly text: string;
  readonly format: string | undefined;
}

/** The statement without its format; text where it can't be passed on. */
export function splitFormat(statement: string): SplitStatement | { readonly detail: string } {
  if (Buffer.byteLength(statement) > STATEMENT_BYTES_MAX) return { detail: `a statement has at most ${STATEMENT_BYTES_MAX} bytes` };
  const found = FORMAT_AT_END.exec(statement);
  const text = (found === null ? statement : statement.slice(0, found.index)).replace(/[\s;]+$/, '');
  if (text.trim() === '') return { detail: 'there is no statement' };
  if (found?.[1] !== undefined && !FORMATS.has(found[1]))
    return { detail: `the format ${found[1]} is not one of those that are passed on` };
  if (FORMAT_ANYWHERE.test(text)) return { detail: 'FORMAT stands at the end of a statement, or in the parameter default_format' };
  if (INTO_ANYWHERE.test(text)) return { detail: 'INTO OUTFILE writes no file here' };
  return { text, format: found?.[1] };
}

/** `lines` is the tree, a node a line, indented by one space a level. */
export function judgeTree(lines: readonly string[]): SqlVerdict {
  const [first = ''] = lines;
  if (!STATEMENTS.has(wordsOf(first)[0] ?? '')) return no('only SELECT, DESCRIBE and SHOW TABLES are passed on');
  const path: string[] = [];
  for (const line of lines) {
    const depth = line.length - line.trimStart().length;
    const [node = '', name = ''] = wordsOf(line);
    path.length = depth;
    const parent = path[depth - 1];
    path.push(node);
    // `* APPLY(f)` names a function without a node of its own.
    if (node.includes('ApplyTransformer')) return no('APPLY is not passed on');
    // What is set is not in the tree, and some settings name files.
    if (node === 'Set') return no('SETTINGS are passed on as parameters of the request');
    if (node !== 'Function') continue;
    const isRefused = parent === 'TableExpression' ? !TABLE_FUNCTIONS.has(name.toLowerCase()) : reachesOut(name.toLowerCase());
    if (isRefused) return no(`the function ${name} is not passed on`);
  }
  return { ok: true };
}

function reachesOut(name: string): boolean {
  return REFUSED.has(name) || REFUSED_FAMILIES.test(name);
}

function wordsOf(line: string): readonly string[] {
  return line.trim().split(' ');
}

function no(detail: string): SqlVerdict {
  return { ok: false, detail };
}
