import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const INDEX = fileURLToPath(new URL('../../src/config/index.ts', import.meta.url));

/** Everything that is loaded with a file: static imports that are not of types only, and what these import. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith('.ts')) return seen;
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms);
  for (const [, from] of imports) loadedWith(from!.startsWith('.') ? join(dirname(file), from!) : from!, seen);
  return seen;
}

it('loads no parser, no schema and no translator without a configuration', () => {
  const loaded = [...loadedWith(INDEX)];
  const packages = loaded.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:'));
  expect(packages).toEqual([]);
  const own = loaded
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(dirname(dirname(INDEX)).length + 1));
  expect(own.sort()).toEqual([
    'config/allow.ts',
    'config/find.ts',
    'config/found-files.ts',
    'config/index.ts',
    'config/nearest.ts',
    'config/size.ts',
    'util/errors.ts',
    'util/read-limits.ts',
  ]);
});
