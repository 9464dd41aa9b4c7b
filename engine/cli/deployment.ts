/**
 * What a data folder remembers of its deployment: who this node is, how many partitions the log has, and where the
 * administrator's token is kept, if it was made here. Made at the first start, the same ever after.
 */
import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeFileAtomic } from '../embedded/files.ts';
import { TwinfoldError } from '../kernel/errors.ts';
import type { Settings } from '../config/options.ts';
import type { OptionSource } from '../config/read-options.ts';

const NODE_ID_BYTES = 4;
/** A first try should not fill a laptop. */
const DEV_LOG_BYTES_MAX = 2 * 1024 ** 3;
const LOG_SHARE_OF_DISK = 0.2;

export interface Deployment {
  readonly node: string;
  readonly partitions: number;
  readonly partitionsAreChosen: boolean;
  /** An edge makes it, unless the deployment has a token already. */
  readonly adminTokenFile: string;
}

export interface DeploymentOptions {
  readonly data: string;
  readonly settings: Settings;
  readonly sources: { readonly partitions: OptionSource };
}

/** Rejects with `bad-option` when `--partitions` says something else than the deployment was made with. */
export async function openDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { data, settings } = options;
  const file = join(data, 'deployment.json');
  const kept = parse(await readIfThere(file), file);
  const external = settings['nats-url'] !== '';
  // With an external NATS the log is not in this folder: the engine checks against what is kept there.
  if (kept !== undefined && !external && options.sources.partitions !== 'default' && settings.partitions !== kept.partitions) {
    const message = `--partitions ${settings.partitions}: this deployment was made with ${kept.partitions}, which can't be changed; leave the option out`;
    throw new TwinfoldError('bad-option', message, { domain: 'external', retryable: false });
  }
  const partitions = external ? settings.partitions : (kept?.partitions ?? settings.partitions);
  const node = kept?.node ?? `n-${randomBytes(NODE_ID_BYTES).toString('hex')}`;
  if (kept === undefined) await writeFileAtomic(file, `${JSON.stringify({ node, partitions })}\n`);
  const partitionsAreChosen = options.sources.partitions !== 'default';
  return { node, partitions, partitionsAreChosen, adminTokenFile: join(data, 'admin-token') };
}

/** How large the log may grow, over all streams. */
export async function logBytesMax(data: string, settings: Settings): Promise<number> {
  if (settings['log-max-bytes'] > 0) return settings['log-max-bytes'];
  const disk = await statfs(data);
  const share = Math.floor(disk.blocks * disk.bsize * LOG_SHARE_OF_DISK);
  return settings.command === 'dev' ? Math.min(DEV_LOG_BYTES_MAX, share) : share;
}

function parse(text: string | undefined, file: string): { readonly node: string; readonly partitions: number } | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'node' in value && 'partitions' in value) {
      const { node, partitions } = value;
      if (typeof node === 'string' && typeof partitions === 'number') return { node, partitions };
    }
  } catch {
    // Falls through to the same complaint.
  }
  throw new TwinfoldError('corrupt', `${file} is damaged; it held the node's id and the number of partitions`, {
    domain: 'external',
    retryable: false,
  });
}
