// How src/ and the training are bundled: the command line, the public API and `sss train` share chunks, and everything
// that is imported lazily stays a chunk of its own, so that a hook run reads only what it uses. Dependencies stay outside
// the bundle.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  for (const folder of ['src', 'training/data', 'training/evaluation', 'training/learning', 'training/pipeline']) {
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

/** Hash of all that the results of a scan depend on: what an older build has found clean may be none for this one. */
function buildHash(files) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return createHash('sha256')
    .update(JSON.stringify([files, dependencies, optionalDependencies]))
    .digest('hex');
}

/**
 * The built-in rules as data: running the modules that make them, with all their patterns, takes half as long as a start of
 * Node (see `src/rules/stored-rules.ts`).
 */
async function storedRules() {
  const contents =
    "export { builtinRules } from './src/rules/builtin/index.ts'; export { STORED, storeRules } from './src/rules/stored-rules.ts';";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { builtinRules, STORED, storeRules } = await import(`data:text/javascript;base64,${code}`);
  return Object.entries(storeRules(builtinRules)).map(([key, json]) => ({ name: STORED[key], json }));
}

/** Has the bundles read what {@link storedRules} has made. */
const rulesAsData = {
  name: 'rules-as-data',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]rules[\\/]builtin[\\/]index\.ts$/ }, ({ path }) => ({
      contents:
        "import { readStoredRules } from '../stored-rules.ts';\nexport const builtinList = readStoredRules();\n",
      loader: 'ts',
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Modules of Node that the hook loads when it first uses something of them, if ever: each takes as long as a good part of its
 * own work. esbuild makes `name=require(…)` at the start of what stands as an import.
 */
const LATE = ['crypto', 'fs/promises', 'os', 'stream', 'timers/promises', 'util', 'vm', 'zlib'];
const LATE_IMPORT = new RegExp(`(?<==)require\\("(node:(?:${LATE.join('|')}))"\\)`, 'g');
const LATE_CODE = 'const __late=name=>new Proxy({},{get:(_,key)=>require(name)[key]});';

/**
 * The text of the hook as `bin/load-hook.js` wants it: ASCII (esbuild leaves other characters in regular expressions), and with
 * a first line that no other version has.
 */
function hookText(built) {
  const text = built
    .replace(LATE_IMPORT, '__late("$1")')
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `// ${createHash('sha256').update(text).digest('hex')}\n${text}`;
}

/**
 * Bundles into `outdir`: `modules` is everything, `hook` what runs at every commit, in one file. The results say what went
 * into which file; `write: false` only says.
 */
export async function bundle({ outdir, write = true }) {
  const common = {
    absWorkingDir: root,
    outdir,
    write,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    plugins: [rulesAsData],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const define = { __SSS_VERSION__: JSON.stringify(version) };
  const files = sources();
  const modules = await build({
    ...common,
    entryPoints: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      train: 'training/pipeline/main.ts',
      worker: 'src/inspect/worker.ts',
    },
    splitting: true,
    format: 'esm',
    define: { ...define, __SSS_SOURCES__: JSON.stringify(files), __SSS_BUILD__: JSON.stringify(buildHash(files)) },
    chunkNames: 'chunks/[name]-[hash]',
  });
  const hook = await build({
    ...common,
    entryPoints: { hook: 'src/cli/hook/main.ts' },
    format: 'cjs',
    minifyIdentifiers: true,
    outExtension: { '.js': '.cjs' },
    define: { ...define, 'import.meta.url': '__bundleUrl' },
    // Packages, too, are loaded by `require`: the loader of modules takes longer.
    supported: { 'dynamic-import': false },
    write: false,
    banner: { js: `${LATE_CODE}const __bundleUrl=require('node:url').pathToFileURL(__filename).href;` },
  });
  if (write) {
    for (const { path, text } of hook.outputFiles) writeFileSync(path, hookText(text));
    for (const { name, json } of await storedRules()) writeFileSync(join(outdir, name), json);
  }
  return { modules, hook };
}
