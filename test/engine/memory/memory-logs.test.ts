/** The reference logs keep the contracts that the real ones are held to. */
import { MemoryControlLog } from '../../../engine/memory/memory-control-log.ts';
import { MemoryInputLog } from '../../../engine/memory/memory-input-log.ts';
import { MemoryKeptAnswers } from '../../../engine/memory/memory-kept-answers.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { controlLogContract } from '../../contract/control-log.ts';
import { inputLogContract } from '../../contract/input-log.ts';
import { keptAnswersContract } from '../../contract/kept-answers.ts';
import { recordLogContract } from '../../contract/record-log.ts';
import { registryLogContract } from '../../contract/registry-log.ts';

registryLogContract('memory registry', () => Promise.resolve(new MemoryRegistry()));

keptAnswersContract('memory kept answers', () => Promise.resolve(new MemoryKeptAnswers({ now: () => 0, monotonic: () => 0 })));

controlLogContract('memory control log', async (use) => use(new MemoryControlLog(() => 0)));

recordLogContract('memory record log', async (use) => {
  const log = new MemoryControlLog(() => 0);
  await use({ log, reader: log });
});

inputLogContract('memory input log', async (use) => {
  const log = new MemoryInputLog();
  await use({ log, append: async (partition, data) => log.append(partition, data, 0) });
});
