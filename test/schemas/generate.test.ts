import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { breakingChanges, describe as descriptorOf } from '../../schemas/codegen/descriptor.ts';
import type { SchemaDescriptor } from '../../schemas/codegen/descriptor.ts';
import { loadSchemas, PACKAGE, stale } from '../../schemas/generate.ts';

describe('what is generated', () => {
  it('is committed as the schemas give it (else: npm run generate)', async () => {
    assert.deepEqual(await stale(), []);
  });
});

describe('every release', () => {
  it('can still be read', async () => {
    const folder = new URL('../../schemas/released/', import.meta.url);
    const now = descriptorOf(await loadSchemas(), PACKAGE);
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
    const breaks: string[] = [];
    for (const file of files) {
      const released = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as SchemaDescriptor;
      breaks.push(...breakingChanges(released, now).map((change) => `${file}: ${change}`));
    }
    assert.deepEqual(breaks, []);
  });
});
