/** The programs of the processes that the supervisor keeps. */
import { fileURLToPath } from 'node:url';

/** Tests put their own in place. */
export interface Programs {
  readonly edge: string;
  readonly engine: string;
  readonly demo: string;
}

export const PROGRAMS: Programs = {
  edge: fileURLToPath(new URL('../../ingest/main.ts', import.meta.url)),
  engine: fileURLToPath(new URL('../main.ts', import.meta.url)),
  demo: fileURLToPath(new URL('../../loadtest/demo.ts', import.meta.url)),
};
