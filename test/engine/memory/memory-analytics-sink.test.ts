/** The reference implementation keeps the contract that ClickHouse keeps. */
import { describe } from 'node:test';
import { MemoryAnalyticsSink } from '../../../engine/memory/memory-analytics-sink.ts';
import { analyticsSinkContract } from '../../contract/analytics-sink.ts';

describe('the analytics store in memory', () => {
  const store = new MemoryAnalyticsSink();
  analyticsSinkContract(() => store);
});
