// Lays the labelled code out as files, once for each machine.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder with `random/files/…` and `human/files/…`, made by the data's own script. */
export function layOut(creddata) {
  const dir = join(tmpdir(), 'sss-creddata');
  const { status } = spawnSync(process.execPath, [join(creddata, 'lay_out.mjs'), dir], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`could not lay out ${creddata}`);
  return dir;
}
