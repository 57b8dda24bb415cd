// How src/ and the training are bundled: the command line, the public API and `sss train` share chunks, and everything
// that is imported lazily stays a chunk of its own, so that a hook run reads only what it uses. Dependencies stay outside
// the bundle.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Hash and size of the sources of a step, so that the training knows what it was made by: after the build only the bundle
 * is there.
 */
function sources() {
  const found = {};
  for (const folder of ['src', 'training/data', 'training/evaluation', 'training/pipeline']) {
    if (!existsSync(join(root, folder))) continue;
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const path = `${folder}/${name.split(sep).join('/')}`;
      const bytes = readFileSync(join(root, path));
      found[path] = [createHash('sha256').update(bytes).digest('hex'), bytes.length];
    }
  }
  return found;
}

/** Bundles into `outdir`; the result says what went into which file. `write: false` only says. */
export function bundle({ outdir, write = true }) {
  return build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      train: 'training/pipeline/main.ts',
      worker: 'src/inspect/worker.ts',
    },
    outdir,
    write,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    define: { __SSS_VERSION__: JSON.stringify(version), __SSS_SOURCES__: JSON.stringify(sources()) },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    logLevel: 'warning',
  });
}
