/** Bodies of decisions as the fold writes them, for the views that take them apart. */
import { quotaDecisionBody } from '../../../engine/domain/quota-decision.ts';

export const PRESENCE_BODY = JSON.stringify({
  clientId: 'dev:2',
  connection: 655360,
  ms: 1_788_523_200_123,
  edge: 'edge-1',
  via: 'mqtt',
  address: '10.1.2.3:4',
  reason: 141,
  why: 'keep-alive',
  keepAliveS: 60,
  cause: '1.9600.0',
});
export const QUOTA_BODY = quotaDecisionBody(
  {
    grant: {
      edge: 7,
      n: 1,
      grant: [30, 0, 0],
      held: [30, 0, 0],
      expiresMs: 0,
      day: 0,
      atMs: 0,
      shortage: undefined,
      spent: [0, 0, 0],
      refused: 2,
    },
    refused: 2,
  },
  {
    scope: 'tenant',
    logMs: 0,
    windows: [
      { measure: 0, window: '10/s burst 40', used: 30, allowed: 40, sinceMs: 0 },
      { measure: 0, window: 'day', used: 130, allowed: 5_000_000_000, sinceMs: 0 },
    ],
    edges: [],
    spentDay: [0, 0, 0],
    spentMonth: [0, 0, 0],
    refused: 9,
  },
  'edge "a"',
);
