/** Why an edge refuses a request: a value, told to the sender in the words of its protocol. */
import type { ProblemCode } from '../schemas/http/problems.ts';

export interface Refusal {
  readonly code: ProblemCode;
  /** Names field, limit and remedy. */
  readonly detail: string;
  /** Where in what was sent, as a JSON pointer. */
  readonly pointer?: string;
  readonly limit?: string;
  readonly retryAfterMs?: number;
}

export function refusal(code: ProblemCode, detail: string, more: Omit<Refusal, 'code' | 'detail'> = {}): Refusal {
  return { code, detail, ...more };
}
