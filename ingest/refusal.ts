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
  /** Of a limit on rate, volume or number. */
  readonly rate?: RateFacts;
}

/** What has no room: the window as people write it, what of it is used, and what it gives in its time. */
export interface RateFacts {
  readonly window: string;
  readonly used: number;
  readonly allowed: number;
  /** 0, and no time, where it is a number and no rate. */
  readonly quota: number;
  readonly perMs: number;
}

export function refusal(code: ProblemCode, detail: string, more: Omit<Refusal, 'code' | 'detail'> = {}): Refusal {
  return { code, detail, ...more };
}
