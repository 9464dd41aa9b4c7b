/** The topic log's references keep the contracts that the real ones are held to. */
import { MemoryQuickMessages, MemoryRetained, MemoryTopicLog, MemoryTopicStore } from '../../../engine/memory/memory-topic-log.ts';
import { inputLogContract } from '../../contract/input-log.ts';
import { retainedContract } from '../../contract/retained.ts';
import { quickMessagesContract, topicLogContract } from '../../contract/topic-log.ts';
import { topicStoreContract } from '../../contract/topic-store.ts';

topicStoreContract('memory topic store', (keepsLast) => Promise.resolve(new MemoryTopicStore({ keepsLast })));

topicLogContract('memory topic log', () => {
  const index = new MemoryTopicStore({ keepsLast: false });
  return Promise.resolve({ log: new MemoryTopicLog(2, index), index });
});

inputLogContract('memory topic log', async (use) => {
  const log = new MemoryTopicLog(2, new MemoryTopicStore({ keepsLast: false }));
  await use({ log, append: async (partition, data) => log.append(partition, data, 0) });
});

quickMessagesContract('memory quick messages', () => Promise.resolve(new MemoryQuickMessages()));

retainedContract('memory retained', async (use) => {
  const retained = new MemoryRetained(3);
  await use({ retained, serve: (partition, handler) => retained.serve(partition, handler) });
});
