/** Where the entry files of worker threads are, whether this program runs from TypeScript or as built JavaScript. */
const extension = import.meta.url.endsWith('.js') ? '.js' : '.ts';

export const FOLD_WORKER_URL: URL = new URL(`./fold.worker${extension}`, import.meta.url);
