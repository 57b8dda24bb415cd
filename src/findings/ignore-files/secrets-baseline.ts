import { UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import type { IgnoreFile } from './index.ts';

/** Loaded for a finding only: see `fingerprint.ts`. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** Filters of detect-secrets that somebody has set, as opposed to those that are always there. */
const SET_FILTERS = ['should_exclude_file', 'should_exclude_line', 'should_exclude_secret'];

/**
 * Reads a baseline of detect-secrets: what it hides are values by file and SHA-1. Of a private key that is the hash of the
 * line `BEGIN … PRIVATE KEY`, which says nothing of the key: it hides nothing here.
 *
 * @throws UserError when it is no such file
 */
export function readSecretsBaseline(text: string, shown: string): IgnoreFile {
  const data = parse(text, shown);
  const hashes = new Map<string, Set<string>>();
  let keys = 0;
  let broken = 0;
  for (const [path, list] of Object.entries(tableOf(data.results))) {
    for (const one of Array.isArray(list) ? list : [list]) {
      const { type, hashed_secret: hash } = tableOf(one);
      if (type === 'Private Key') keys++;
      else if (typeof hash !== 'string' || !/^[0-9a-f]{40}$/.test(hash)) broken++;
      else {
        const place = path.replaceAll('\\', '/').replace(/^\.\//, '');
        hashes.set(place, (hashes.get(place) ?? new Set()).add(hash));
      }
    }
  }
  const remarks = [
    ...(keys > 0
      ? [`${shown}: ${formatCount(keys, 'private key')} cannot be told by what it holds of them: they are reported`]
      : []),
    ...(broken > 0 ? [`${shown}: ${formatCount(broken, 'entry', 'entries')} without a hash cannot be used`] : []),
    ...filtersOf(data).map((name) => `${shown}: its filter "${name}" is not used: set it in the configuration`),
  ];
  return {
    ignores({ path }, { value, logicalPath }) {
      const known = [logicalPath, path].map((place) => hashes.get(place)).filter((set) => set !== undefined);
      if (known.length === 0) return false;
      const hash = crypto().createHash('sha1').update(value).digest('hex');
      return known.some((set) => set.has(hash));
    },
    remarks,
  };
}

function parse(text: string, shown: string): Record<string, unknown> {
  try {
    const data = tableOf(JSON.parse(text.replace(/^\uFEFF/, '')));
    if (typeof data.results === 'object' && data.results !== null) return data;
  } catch {
    // Said below: what a parser says of it would quote the file.
  }
  throw new UserError(`${shown} is no baseline of detect-secrets`, {
    hint: 'mend it, or set ignore-files in the configuration to those that are to be read',
  });
}

/** Filters and patterns that would hide more: of version 1, and of the versions before it. */
function filtersOf({ filters_used: used, exclude }: Record<string, unknown>): string[] {
  const list = Array.isArray(used) ? used.map((one) => String(tableOf(one).path ?? '')) : [];
  const set = list.map((path) => path.split('.').pop()!).filter((name) => SET_FILTERS.includes(name));
  // That it leaves out its own file is said in most of them.
  const isOwn = (pattern: string) => /^\W*secrets\W*baseline\W*$/.test(pattern);
  const old = Object.entries(tableOf(exclude)).filter(([, pattern]) => typeof pattern === 'string' && !isOwn(pattern));
  return [...set, ...old.map(([name]) => `exclude.${name}`)];
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
