import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { openRepository } from '../../sources/repository.ts';
import { runGit } from '../../util/git-process.ts';
import { writeFileWhole } from '../../util/write-whole.ts';

/** What became of the line in `.gitattributes` by which git merges a baseline. */
export type AttributeChange = { state: 'set' | 'added' | 'none' } | { state: 'other'; merge: string };

/**
 * Has git keep the lines of both sides when it merges a baseline: a line in the `.gitattributes` of the root, behind what is
 * there. Where the attribute is set already, nothing is changed; outside of a repository there is nothing to do.
 * @throws UserError when the file cannot be written
 */
export async function mergeAsUnion(file: string): Promise<AttributeChange> {
  const cwd = dirname(file);
  const repository = await openRepository(cwd);
  if (!repository || repository.bare) return { state: 'none' };
  const { code, stdout } = await runGit({ cwd, args: ['check-attr', '-z', 'merge', '--', basename(file)] });
  const merge = code === 0 ? stdout.toString('utf8').split('\0')[2] : undefined;
  if (merge === 'union') return { state: 'set' };
  if (merge !== undefined && merge !== 'unspecified') return { state: 'other', merge };
  const path = join(repository.root, '.gitattributes');
  const before = lstatSync(path, { throwIfNoEntry: false }) ? readFileSync(path) : Buffer.alloc(0);
  const lineEnd = before.includes('\r\n') ? '\r\n' : '\n';
  const gap = before.length > 0 && before.at(-1) !== 10 ? lineEnd : '';
  const line = `${gap}${patternFor(relative(repository.root, file))} merge=union${lineEnd}`;
  await writeFileWhole(path, Buffer.concat([before, Buffer.from(line)]));
  return { state: 'added' };
}

/** Whether git leaves a file out of commits, so that a baseline would never reach anybody else. */
export async function isIgnored(file: string): Promise<boolean> {
  const cwd = dirname(file);
  if (!(await openRepository(cwd))) return false;
  const { code } = await runGit({ cwd, args: ['check-ignore', '--quiet', '--', basename(file)] });
  return code === 0;
}

/** A pattern that means this path and no other. */
function patternFor(path: string): string {
  const pattern = `/${path.split(sep).join('/')}`.replace(/[\\*?[\]]/g, '\\$&');
  return /[\s"\\]/.test(pattern) ? `"${pattern.replace(/[\\"]/g, '\\$&')}"` : pattern;
}
