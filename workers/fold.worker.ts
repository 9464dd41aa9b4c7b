/** Entry of the fold's worker threads. */
export { runFoldTask } from './fold-thread.ts';
