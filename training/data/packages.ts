import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathSense } from '../../src/features/path.ts';
import { decode } from '../../src/sources/decode.ts';
import { UserError } from '../../src/util/errors.ts';
import { labelledCandidates, recordOf } from './candidates.ts';
import { byCodeUnit } from './creddata.ts';
import { lot } from './random.ts';
import type { DataRecord, Split } from './record.ts';

/** Larger files of packages are bundles and tables. */
const MOST_BYTES = 200_000;

/**
 * Candidates of released packages' source, where nearly nothing is a secret: a fixed sample of the files of every
 * package below `dir` (one folder for each), labelled harmless. Tests and examples are left out: those have secrets
 * that were made up, and some that were not. Order: package, then the draw.
 *
 * @throws UserError when `dir` is not a folder with packages.
 */
export function* packageRecords(input: {
  dir: string;
  seed: number;
  /** Records wanted: each package may give as many as any other. */
  count: number;
  /** Most records of one file. */
  perFile: number;
  weight: number;
  split: Split;
}): Generator<DataRecord> {
  const { dir, seed, count, perFile, weight, split } = input;
  const packages = packagesIn(dir);
  const perPackage = Math.ceil(count / packages.length);
  for (const name of packages) {
    let left = perPackage;
    for (const path of drawnFiles(join(dir, name), `${seed}:${name}`)) {
      if (left <= 0) break;
      const { text, encoding } = decode(readFileSync(join(dir, name, path)));
      if (encoding === 'binary') continue;
      const chunk = {
        origin: { kind: 'file' } as const,
        path,
        logicalPath: path,
        text,
        bytes: text.length,
        encoding,
        firstLine: 1,
      };
      const found = labelledCandidates({ chunk, places: [] }).filter(
        ({ candidate }) => candidate.syntax !== 'provider',
      );
      const repo = `packages/${name.replace(/-\d[\w.]*$/, '')}`;
      for (const one of drawnOf(found, Math.min(left, perFile), `${seed}:${name}/${path}`)) {
        left--;
        yield {
          ...recordOf({ ...one, category: 'package' }, { repo, variant: 'plain', source: 'packages', split }),
          weight,
        };
      }
    }
  }
}

function packagesIn(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
  } catch (cause) {
    throw new UserError(`cannot read the packages in ${dir}`, {
      hint: 'data.packages names a folder of unpacked packages, or is auto or none',
      cause,
    });
  }
  if (names.length === 0) {
    throw new UserError(`${dir} holds no packages`, {
      hint: 'unpack one package into each folder, or set data.packages to none',
    });
  }
  return names.sort(byCodeUnit);
}

/** The files of a package in an order that is drawn, the same on every machine. */
function drawnFiles(root: string, seed: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => {
      const sense = pathSense(path);
      return !sense.test && !sense.example && !sense.minified && sense.kind !== 'key';
    })
    .map((path) => ({ path, lot: lot(`${seed}:${path}`) }))
    .sort((a, b) => a.lot - b.lot || byCodeUnit(a.path, b.path))
    .map(({ path }) => path)
    .filter((path) => statSync(join(root, path)).size <= MOST_BYTES);
}

function drawnOf<T extends { candidate: { start: number } }>(found: readonly T[], count: number, seed: string): T[] {
  if (found.length <= count) return [...found];
  return found
    .map((one) => ({ one, lot: lot(`${seed}:${one.candidate.start}`) }))
    .sort((a, b) => a.lot - b.lot || a.one.candidate.start - b.one.candidate.start)
    .slice(0, count)
    .map(({ one }) => one)
    .sort((a, b) => a.candidate.start - b.candidate.start);
}
