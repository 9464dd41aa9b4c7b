/**
 * SQL for a tenant's analysts: the gate that speaks enough of ClickHouse's HTTP interface for its clients, and the routes
 * that make and take back the key. Who asks proves it with an API key that was granted `analytics:read`; which tenant's
 * rows there are to see, the key says and nothing else does. The operator's own analyst, who sees all tenants, shows a
 * password of the deployment instead, and goes through the same gate.
 */
import { quoted } from '../../engine/kernel/quoted.ts';
import { hash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../../engine/kernel/errors.ts';
import type { AnalystAnswer, AnalystLogin, AnalystLogins, AnalystQueries, AnalystStatement } from '../../engine/ports/analyst-logins.ts';
import { analystSchema, newAnalystSchema } from '../../schemas/http/analyst.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import { FORMATS, judgeTree, splitFormat, STATEMENT_BYTES_MAX } from './sql-gate.ts';
import { callerOf, tenantCaller } from './access.ts';
import { keyExcess } from './policy-excess.ts';
import { refuse } from './reply.ts';

const SCOPE = 'analytics:read';
export const GATE_PATH = '/clickhouse';
/** Any will do: the key says who asks. */
const USER = 'analyst';
const FORMAT_DEFAULT = 'TabSeparated';
const PARAMETERS_MAX = 64;

/** What a request may set for its query; the store's own limits hold whatever is said. */
const SETTINGS: ReadonlySet<string> = new Set([
  'max_execution_time',
  'max_result_rows',
  'max_result_bytes',
  'result_overflow_mode',
  'max_threads',
  'join_use_nulls',
  'session_timezone',
  'date_time_output_format',
  'wait_end_of_query',
  'output_format_json_quote_64bit_integers',
  'output_format_json_quote_denormals',
  'output_format_json_named_tuples_as_objects',
]);
/** What clients say by habit and the gate knows better. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'user',
  'password',
  'database',
  'query_id',
  'compress',
  'enable_http_compression',
  'role',
]);

export interface AnalystRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
  readonly analysts: Analysts;
}

export interface Analysts {
  /** Absent: nobody sees all tenants. */
  readonly operator?: OperatorLogin;
  readonly logins: AnalystLogins;
  readonly queries: AnalystQueries;
  readonly database: string;
}

/** An analyst who may see all tenants: what is shown at the gate, and the login behind it. */
export interface OperatorLogin {
  readonly shown: AnalystLogin;
  readonly login: AnalystLogin;
}

interface TenantParams {
  readonly id: string;
}

export function analystRoutes(app: FastifyInstance, deps: AnalystRoutesDeps): void {
  void app.register(gatePlugin(deps));

  app.get<{ Params: TenantParams }>('/v1/tenants/:id/analyst', { schema: { response: { 200: analystSchema } } }, (request, reply) => {
    const tenant = request.params.id;
    if (!deps.registry.hasTenant(tenant)) return refuse(reply, NO_TENANT);
    return reply.send(analystBody(tenant, deps));
  });

  app.post<{ Params: TenantParams }>(
    '/v1/tenants/:id/analyst',
    { schema: { response: { 201: newAnalystSchema } } },
    async (request, reply) => {
      const tenant = request.params.id;
      const caller = callerOf(request.raw, deps.authenticator);
      const bad = 'code' in caller ? caller : keyExcess(caller.principal, { scopes: [SCOPE] });
      if (bad !== undefined) return refuse(reply, bad);
      if (!deps.registry.hasTenant(tenant)) return refuse(reply, NO_TENANT);
      const login = await deps.analysts.logins.login(tenant);
      if (!login.ok) return refuse(reply, unavailable(login));
      const before = analystKeys(deps.registry, tenant);
      const commands = commandsOf(request, deps);
      const made = await commands.createKey(tenant, [SCOPE]);
      if (!made.ok) return refuse(reply, refusal('registry-unavailable', 'the registry did not confirm the key; it may have been made'));
      for (const id of before) await commands.revokeKey(tenant, id);
      return reply.code(201).send({ ...analystBody(tenant, deps), password: made.value.token });
    },
  );

  app.delete<{ Params: TenantParams }>('/v1/tenants/:id/analyst', async (request, reply) => {
    const tenant = request.params.id;
    if (!deps.registry.hasTenant(tenant)) return refuse(reply, NO_TENANT);
    for (const id of analystKeys(deps.registry, tenant)) await commandsOf(request, deps).revokeKey(tenant, id);
    const done = await deps.analysts.logins.takeBack(tenant);
    return done.ok ? reply.code(204).send() : refuse(reply, unavailable(done));
  });
}

const NO_TENANT = refusal('unknown-tenant', 'the tenant does not exist; POST /v1/tenants creates it');

/** In the name of who calls: it was let in already. */
function commandsOf(request: FastifyRequest, { authenticator, commands }: AnalystRoutesDeps): RegistryCommands {
  const caller = callerOf(request.raw, authenticator);
  return 'code' in caller ? commands : commands.as(caller.principal.credential);
}

/** Keys that are for analysts and nothing else. */
function analystKeys(registry: RegistryCache, tenant: string): readonly string[] {
  return registry
    .keys(tenant)
    .filter(({ entry }) => entry.credential.revokedMs === undefined && entry.scopes.length === 1 && entry.scopes[0] === SCOPE)
    .map(({ entry }) => entry.id);
}

function analystBody(tenant: string, { analysts, registry }: AnalystRoutesDeps): Readonly<Record<string, unknown>> {
  return { tenant, path: GATE_PATH, database: analysts.database, user: USER, keys: analystKeys(registry, tenant) };
}

function unavailable(answer: Extract<AnalystAnswer<unknown>, { ok: false }>): Refusal {
  if (answer.why === 'unavailable')
    return refusal('analytics-unavailable', 'ClickHouse does not answer, or not as it should', { retryAfterMs: 5_000 });
  return refusal('no-analyst-login', answer.detail);
}

/** Bodies are SQL, whatever they are called. */
function gatePlugin(deps: AnalystRoutesDeps): (app: FastifyInstance) => Promise<void> {
  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: STATEMENT_BYTES_MAX }, (_request, body, done) => done(null, body));
    for (const url of [GATE_PATH, `${GATE_PATH}/`]) {
      app.get(url, async (request, reply) => gate(request, reply, deps));
      app.post(url, async (request, reply) => gate(request, reply, deps));
    }
    app.get(`${GATE_PATH}/ping`, (_request, reply) => reply.type('text/plain; charset=utf-8').send('Ok.\n'));
    return Promise.resolve();
  };
}

async function gate(request: FastifyRequest, reply: FastifyReply, deps: AnalystRoutesDeps): Promise<FastifyReply> {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
  const shown = shownLogin(request, query);
  const isOperator = deps.analysts.operator !== undefined && proves(shown, deps.analysts.operator.shown);
  if (!isOperator && shown.password !== undefined) request.raw.headers.authorization = `Bearer ${shown.password}`;
  const login = isOperator ? deps.analysts.operator.login : await tenantLogin(request, deps);
  if ('code' in login) return refuse(reply, login);
  const asked = statementOf(request, query);
  if ('code' in asked) return refuse(reply, asked);
  const refused = await judge(login, asked, deps.analysts.queries);
  if (refused !== undefined) return refuse(reply, refused);
  return passOn(login, { asked, reply, queries: deps.analysts.queries });
}

async function tenantLogin(request: FastifyRequest, deps: AnalystRoutesDeps): Promise<AnalystLogin | Refusal> {
  const caller = tenantCaller(request.raw, deps.authenticator, SCOPE);
  if ('code' in caller) return caller;
  if (!deps.registry.hasTenant(caller.tenant)) return NO_TENANT;
  const login = await deps.analysts.logins.login(caller.tenant);
  return login.ok ? login.value : unavailable(login);
}

async function judge(login: AnalystLogin, asked: AnalystStatement, queries: AnalystQueries): Promise<Refusal | undefined> {
  let tree: readonly string[];
  try {
    tree = await queries.syntaxTree(login, asked.text, asked.parameters);
  } catch (error) {
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
      return refusal('analytics-unavailable', 'ClickHouse does not answer', { retryAfterMs: 5_000 });
    return refusal('malformed', messageOf(error).slice(0, 1_000));
  }
  const verdict = judgeTree(tree);
  return verdict.ok ? undefined : refusal('forbidden', verdict.detail);
}

async function passOn(
  login: AnalystLogin,
  what: { readonly asked: AnalystStatement; readonly reply: FastifyReply; readonly queries: AnalystQueries },
): Promise<FastifyReply> {
  const { asked, queries, reply } = what;
  const controller = new AbortController();
  // The store ends a query whose connection is gone.
  reply.raw.once('close', () => controller.abort());
  try {
    const answer = await queries.run(login, asked, controller.signal);
    for (const [name, value] of answer.headers) void reply.header(name, value);
    void reply.code(answer.status);
    return await reply.send(answer.body === undefined ? '' : Readable.fromWeb(answer.body));
  } catch {
    return refuse(reply, refusal('analytics-unavailable', 'ClickHouse did not answer the query', { retryAfterMs: 5_000 }));
  }
}

interface ShownLogin {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** ClickHouse's clients have four ways to say a password; a tenant's key is where the password would be. */
function shownLogin({ raw }: FastifyRequest, query: URLSearchParams): ShownLogin {
  const { headers } = raw;
  const basic = /^basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { user, password: rest.join(':') };
  }
  const [user, key] = [headers['x-clickhouse-user'], headers['x-clickhouse-key']];
  return {
    user: query.get('user') ?? (typeof user === 'string' ? user : undefined),
    password: query.get('password') ?? (typeof key === 'string' ? key : undefined),
  };
}

/** In a time that tells nothing of the password. */
function proves({ password, user }: ShownLogin, known: AnalystLogin): boolean {
  if (user !== known.user || password === undefined) return false;
  return timingSafeEqual(hash('sha256', password, 'buffer'), hash('sha256', known.password, 'buffer'));
}

function statementOf(request: FastifyRequest, query: URLSearchParams): AnalystStatement | Refusal {
  const { body } = request;
  const pieces = [query.get('query') ?? '', typeof body === 'string' ? body : ''].filter((piece) => piece.trim() !== '');
  const split = splitFormat(pieces.join('\n'));
  if ('detail' in split) return refusal('malformed', split.detail);
  const header = request.headers['x-clickhouse-format'];
  const format = split.format ?? query.get('default_format') ?? (typeof header === 'string' ? header : FORMAT_DEFAULT);
  if (!FORMATS.has(format)) return refusal('malformed', 'the format is not one of those that are passed on');
  const parameters: (readonly [string, string])[] = [];
  const settings: (readonly [string, string])[] = [];
  for (const [name, value] of query) {
    if (name === 'query' || name === 'default_format' || PASSED_OVER.has(name)) continue;
    if (SETTINGS.has(name)) settings.push([name, value]);
    else if (/^param_\w{1,64}$/.test(name) && parameters.length < PARAMETERS_MAX) parameters.push([name.slice('param_'.length), value]);
    else return refusal('malformed', `the parameter ${quoted(name)} is not passed on`);
  }
  return { text: split.text, format, parameters, settings };
}
