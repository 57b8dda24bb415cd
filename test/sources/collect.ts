import type { ScanSource, Skipped, TextChunk } from '../../src/types.ts';

/** Reads a source to its end. */
export async function collect(source: ScanSource, signal?: AbortSignal) {
  const chunks: TextChunk[] = [];
  const skipped: Skipped[] = [];
  for await (const item of source.items(signal)) {
    if ('chunk' in item) chunks.push(item.chunk);
    else skipped.push(item.skipped);
  }
  const at = (path: string) => {
    const chunk = chunks.find((one) => one.path === path);
    if (!chunk)
      throw new Error(`no chunk of ${JSON.stringify(path)} among ${JSON.stringify(chunks.map((one) => one.path))}`);
    return chunk;
  };
  return { chunks, skipped, at, paths: chunks.map(({ path }) => path) };
}
