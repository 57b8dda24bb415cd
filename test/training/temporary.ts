import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sss-training-'));
  made.push(dir);
  return dir;
}
