/** Answers of the routes that fastify serves: refusals as problems, and fastify's own errors in the same words. */
import { quoted } from '../../engine/kernel/quoted.ts';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { messageOf } from '../../engine/kernel/errors.ts';
import type { Log } from '../../engine/observability/log.ts';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { fieldProblems } from './field-problems.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { problemBody, problemHeaders } from './problem.ts';

/** Those that a resource may have. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export function refuse(reply: FastifyReply, refused: Refusal, more: Readonly<Record<string, unknown>> = {}): FastifyReply {
  return reply
    .code(PROBLEMS[refused.code].status)
    .headers(problemHeaders(refused))
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(refused, more));
}

/**
 * Every refusal of these routes is counted as it leaves. Whatever fastify itself refuses is told as a problem; whatever
 * breaks is logged and told without its reason.
 */
export function installErrorHandlers(app: FastifyInstance, deps: { readonly metrics: HttpMetrics; readonly log: Log }): void {
  const routes = routesOf(app);
  app.addHook('preSerialization', (_request, reply, body: unknown) => {
    const fired = reply.statusCode >= 400 ? firedIn(body) : undefined;
    if (fired !== undefined) deps.metrics.refused(fired);
    return Promise.resolve(body);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problems = error.validation === undefined ? [] : fieldProblems(error.validation);
    const [first] = problems;
    const refused = first === undefined ? refusalOf(error) : refusal('malformed', first.detail);
    if (refused.code === 'internal')
      deps.log.error('http-request-failed', { route: request.routeOptions.url ?? '', error: messageOf(error) });
    return refuse(reply, refused, first === undefined ? {} : { errors: problems });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const other = METHODS.filter(
      (method) => method !== request.method && routes.some((route) => route.method === method && route.path.test(path)),
    );
    if (other.length === 0) return refuse(reply, refusal('not-found', `there is no ${request.method} ${quoted(path, 128).slice(1, -1)}`));
    return refuse(reply.header('allow', other.join(', ')), refusal('method-not-allowed', `allowed: ${other.join(', ')}`));
  });
}

interface KnownRoute {
  readonly method: string;
  readonly path: RegExp;
}

/** The routes that are added from here on. */
function routesOf(app: FastifyInstance): readonly KnownRoute[] {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const source = url
      .replaceAll(/:\w+(?:\(\^[^)]*\))?/g, (parameter, at: number) => (url[at - 1] === ':' ? parameter : '\0'))
      .replaceAll('::', ':')
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('\0', '[^/]+');
    const path = new RegExp(`^${source}$`);
    for (const each of [method].flat()) routes.push({ method: each, path });
  });
  return routes;
}

/** The limit that fired, else the code: both from closed lists. */
function firedIn(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return undefined;
  const fired = 'limit' in problem ? problem.limit : problem.code;
  return typeof fired === 'string' ? fired : undefined;
}

function refusalOf(error: FastifyError): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refusal('unsupported-media-type', 'send application/json');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refusal('too-large', 'the body of this call has at most 64 KB', { limit: 'body-bytes' });
    default:
      return (error.statusCode ?? 500) < 500
        ? refusal('malformed', error.message)
        : refusal('internal', 'the request could not be answered');
  }
}
