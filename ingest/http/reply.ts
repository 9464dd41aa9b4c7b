/** Answers of the routes that fastify serves: refusals as problems, and fastify's own errors in the same words. */
import { quoted } from '../../engine/kernel/quoted.ts';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { messageOf } from '../../engine/kernel/errors.ts';
import type { Log } from '../../engine/observability/log.ts';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { problemBody, problemHeaders } from './problem.ts';

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
  app.addHook('preSerialization', (_request, reply, body: unknown) => {
    const fired = reply.statusCode >= 400 ? firedIn(body) : undefined;
    if (fired !== undefined) deps.metrics.refused(fired);
    return Promise.resolve(body);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refused = refusalOf(error);
    if (refused.code === 'internal')
      deps.log.error('http-request-failed', { route: request.routeOptions.url ?? '', error: messageOf(error) });
    const errors = error.validation?.map(({ instancePath, message }) => ({ pointer: instancePath, detail: message ?? 'invalid' }));
    return refuse(reply, refused, errors === undefined ? {} : { errors });
  });
  app.setNotFoundHandler((request, reply) => {
    const other = ['GET', 'POST', 'DELETE'].filter(
      (method) => method !== request.method && app.findRoute({ url: request.url.split('?', 1)[0] ?? '', method }) !== null,
    );
    if (other.length === 0)
      return refuse(
        reply,
        refusal('not-found', `there is no ${request.method} ${quoted(request.url.split('?', 1)[0] ?? '', 128).slice(1, -1)}`),
      );
    return refuse(reply.header('allow', other.join(', ')), refusal('method-not-allowed', `allowed: ${other.join(', ')}`));
  });
}

/** The limit that fired, else the code: both from closed lists. */
function firedIn(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return undefined;
  const fired = 'limit' in problem ? problem.limit : problem.code;
  return typeof fired === 'string' ? fired : undefined;
}

function refusalOf(error: FastifyError): Refusal {
  if (error.validation !== undefined) return refusal('malformed', error.message);
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
