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
    ...(refused.rate === undefined ? {} : { window: refused.rate.window, used: refused.rate.used, allowed: refused.rate.allowed }),
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
    ...rateHeaders(refused),
    ...(refused.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
  };
}

export function sendProblem(response: ServerResponse, refused: Refusal, more: Readonly<Record<string, unknown>> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(problemBody(refused, more));
  response.writeHead(PROBLEMS[refused.code].status, { ...problemHeaders(refused), 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers: structured fields, times in seconds. */
function rateHeaders({ limit, rate, retryAfterMs = 0 }: Refusal): Readonly<Record<string, string>> {
  if (rate === undefined || limit === undefined) return {};
  const unit = limit.includes('-bytes') ? ';qu="content-bytes"' : limit.includes('-connections') ? ';qu="concurrent-requests"' : '';
  const window = rate.perMs === 0 ? '' : `;w=${Math.ceil(rate.perMs / 1_000)}`;
  const quota = rate.quota === 0 ? rate.allowed : rate.quota;
  const left = Math.max(0, rate.allowed - rate.used);
  return {
    'ratelimit-policy': `"${limit}";q=${quota}${window}${unit}`,
    ratelimit: `"${limit}";r=${left};t=${Math.max(1, Math.ceil(retryAfterMs / 1_000))}`,
  };
}

/** What is temporary says when to come again. */
function retryAfterMsOf(refused: Refusal): number | undefined {
  const { status } = PROBLEMS[refused.code];
  return status === 503 ? (refused.retryAfterMs ?? RETRY_MS) : refused.retryAfterMs;
}
