import { showPath } from '../util/byte-path.ts';
import { type PackObject, readPack } from './git-pack.ts';
import { type Budget, type Part, Refusal } from './limits.ts';

/**
 * The objects in a git bundle: each blob once, under a path that a tree gives it, and the messages of commits and tags. No
 * repository is made of it, and no git runs.
 */
export function* readBundle(bytes: Buffer, budget: Budget): Generator<Part, void> {
  const end = bytes.indexOf('\n\n');
  if (end < 0) throw new Refusal('damaged: its header has no end');
  const header = bytes.toString('latin1', 0, end);
  const algorithm = /^@object-format=sha256$/m.test(header) ? 'sha256' : 'sha1';
  if (/^@filter=/m.test(header)) yield { name: '', reason: 'a partial bundle: what it lacks was not looked at' };
  const pack = readPack({ bytes: bytes.subarray(end + 2), algorithm, budget });
  const paths = pathsOf(pack.objects, algorithm === 'sha256' ? 32 : 20);
  for (const { type, oid, data } of pack.objects.values()) {
    if (type === 'commit' || type === 'tag') {
      const start = data.indexOf('\n\n');
      if (start >= 0) yield { name: `${type} ${oid}`, bytes: data.subarray(start + 2) };
    } else if (type === 'blob') yield { name: paths(oid) ?? `blob ${oid}`, bytes: data };
  }
  if (pack.problem) throw new Refusal(pack.problem);
}

/** A path for each object: the names of the trees that it is in, the first one first. */
function pathsOf(objects: ReadonlyMap<string, PackObject>, width: number): (oid: string) => string | undefined {
  const above = new Map<string, { tree: string; name: string }>();
  for (const { type, oid, data } of objects.values()) {
    if (type !== 'tree') continue;
    for (let at = 0; at < data.length; ) {
      const nameStart = data.indexOf(0x20, at) + 1;
      const nameEnd = data.indexOf(0, nameStart);
      if (nameStart === 0 || nameEnd < 0) break;
      const child = data.toString('hex', nameEnd + 1, nameEnd + 1 + width);
      if (!above.has(child)) above.set(child, { tree: oid, name: data.toString('latin1', nameStart, nameEnd) });
      at = nameEnd + 1 + width;
    }
  }
  return (oid) => {
    const names: string[] = [];
    // A tree cannot be in itself, but a liar may say so.
    for (let at = above.get(oid); at && names.length < 1000; at = above.get(at.tree)) names.unshift(at.name);
    return names.length === 0 ? undefined : showPath(names.join('/'));
  };
}
