import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { limitsOf } from '../../config/index.ts';
import type { IgnoredPlace } from '../../config/migrate/index.ts';
import { scan } from '../../scan.ts';
import { stdinSource, worktreeSource } from '../../sources/index.ts';
import type { Config, Finding, ScanSource, SourceItem } from '../../types.ts';
import { runGit } from '../../util/git-process.ts';

/** What stands at places that another scanner was told to ignore. */
export interface FoundAtPlaces {
  /** Of what this scanner would report there. */
  fingerprints: string[];
  /** Places at which it reports nothing, as their lines say them. */
  nothing: string[];
  /** Places that are not there any more. */
  gone: string[];
}

/**
 * Looks at what stands at ignored places now, or stood there in a commit: an entry by its value survives what moves lines.
 * @throws what a scan throws
 */
export async function findAtPlaces(input: {
  root: string;
  places: readonly IgnoredPlace[];
  config: Config;
}): Promise<FoundAtPlaces> {
  const { root, places, config } = input;
  const out: FoundAtPlaces = { fingerprints: [], nothing: [], gone: [] };
  for (const commit of new Set(places.map((place) => place.commit ?? ''))) {
    const group = places.filter((place) => (place.commit ?? '') === commit);
    const paths = [...new Set(group.map(({ path }) => path))];
    const { source, missing } =
      commit === '' ? await onDisk(root, paths, config) : await inCommit({ root, commit, paths, config });
    const { findings } = await scan({ source, config, threads: 1 });
    for (const place of group) {
      const found = findings.filter((finding) => standsAt(finding, place));
      if (missing.has(place.path)) out.gone.push(place.said);
      else if (found.length === 0) out.nothing.push(place.said);
      out.fingerprints.push(...found.map(({ fingerprint }) => fingerprint));
    }
  }
  out.fingerprints = [...new Set(out.fingerprints)].sort();
  return out;
}

function standsAt(finding: Finding, { path, line }: IgnoredPlace): boolean {
  const places = [finding, ...(finding.related ?? [])];
  return places.some((one) => one.path === path && one.line <= line && one.endLine >= line);
}

async function onDisk(root: string, paths: readonly string[], config: Config) {
  const missing = new Set(paths.filter((path) => !existsSync(join(root, path))));
  const there = paths.filter((path) => !missing.has(path));
  const source = there.length === 0 ? nothing : await worktreeSource({ cwd: root, paths: there, ...limitsOf(config) });
  return { source, missing };
}

async function inCommit(input: { root: string; commit: string; paths: readonly string[]; config: Config }) {
  const { root, commit, paths, config } = input;
  const missing = new Set<string>();
  const sources: ScanSource[] = [];
  for (const path of paths) {
    const { code, stdout } = await runGit({ cwd: root, args: ['cat-file', 'blob', `${commit}:${path}`] });
    if (code !== 0) missing.add(path);
    else sources.push(await stdinSource({ filename: path, ...limitsOf(config), input: Readable.from([stdout]) }));
  }
  return { source: together(sources), missing };
}

function together(sources: readonly ScanSource[]): ScanSource {
  return {
    description: 'ignored places',
    async *items(signal): AsyncGenerator<SourceItem, void> {
      for (const source of sources) yield* source.items(signal);
    },
  };
}

const nothing = together([]);
