import { type Found, openContainer } from '../../src/containers/index.ts';
import { readerOf } from '../../src/util/byte-reader.ts';

/** Opens a container, and gives what is in it as text, what is left out as `skipped: …`, by name in the order of coming. */
export async function open(
  bytes: Buffer,
  { path = 'a', maxFileSize = 10_000_000, maxDepth }: { path?: string; maxFileSize?: number; maxDepth?: number } = {},
): Promise<[member: string, text: string][]> {
  const found: [string, string][] = [];
  for await (const one of openContainer({ read: readerOf(bytes), path, maxFileSize, maxDepth })) {
    found.push([one.member, shown(one)]);
  }
  return found;
}

function shown(found: Found): string {
  if ('reason' in found) return `skipped: ${found.reason}`;
  return 'text' in found ? found.text : found.bytes.toString('utf8');
}
