/** Refusals as `application/problem+json`. */
import type { ServerResponse } from 'node:http';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import type { Refusal } from '../refusal.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** When nothing says how long to wait. */
const RETRY_MS = 1_000;

/** The body of a refusal, with members of its own kind beside the common ones. */
export function problemBody(refused: Refusal, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { status, title } = PROBLEMS[refused.code];
  const retryAfterMs = retryAfterMsOf(refused);
  return {
    type: `/problems/${refused.code}`,
    title,
    status,
    detail: refused.detail,
    code: refused.code,
    ...(refused.limit === undefined ? {} : { limit: refused.limit }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(refused.pointer === undefined ? {} : { errors: [{ pointer: refused.pointer, detail: refused.detail }] }),
    ...more,
  };
}

export function problemHeaders(refused: Refusal): Readonly<Record<string, string>> {
  const retryAfterMs = retryAfterMsOf(refused);
  return {
    'content-type': PROBLEM_TYPE,
    ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }),
    ...(refused.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
  };
}

export function sendProblem(response: ServerResponse, refused: Refusal, more: Readonly<Record<string, unknown>> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(problemBody(refused, more));
  response.writeHead(PROBLEMS[refused.code].status, { ...problemHeaders(refused), 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** What is temporary says when to come again. */
function retryAfterMsOf(refused: Refusal): number | undefined {
  const { status } = PROBLEMS[refused.code];
  return status === 503 ? (refused.retryAfterMs ?? RETRY_MS) : refused.retryAfterMs;
}
