import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Companion, Rule } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { once } from '../util/once.ts';
import { packageFolder } from '../util/package-folder.ts';

/** A regular expression as it is stored: source and flags. */
type StoredPattern = readonly [source: string, flags: string];

type Stored<T> = { [K in keyof T]: Exclude<T[K], undefined> extends RegExp ? StoredPattern : T[K] };
type StoredRule = Stored<Omit<Rule, 'companions' | 'examples'>> & { companions?: readonly Stored<Companion>[] };

/** Files in `dist/` that the build makes of the built-in rules. */
export const STORED = { rules: 'rules.json', examples: 'rule-examples.json' } as const;

/** The rules as JSON, and their examples apart. */
export function storeRules(rules: readonly Rule[]): Record<keyof typeof STORED, string> {
  const store = (_key: string, value: unknown) => (value instanceof RegExp ? [value.source, value.flags] : value);
  return {
    rules: JSON.stringify(
      rules.map(({ examples: _, ...rule }) => rule),
      store,
    ),
    examples: JSON.stringify(rules.map(({ examples }) => examples ?? null)),
  };
}

/**
 * The rules that the build has stored. Patterns and examples are made when they are first asked for: a hook needs a few of more
 * than a thousand, and making all of them takes half as long as a start of Node.
 */
export function readStoredRules(): Rule[] {
  const rows: StoredRule[] = read(STORED.rules);
  const examples = once((): (Rule['examples'] | null)[] => read(STORED.examples));
  const patterns: RegExp[] = [];
  return rows.map(({ pattern, path, companions, ...fields }, i): Rule => {
    const rule = {
      ...fields,
      get pattern() {
        patterns[i] ??= regExp(pattern);
        return patterns[i];
      },
      get examples() {
        return examples()[i] ?? undefined;
      },
    };
    const rest = {
      ...(path && { path: regExp(path) }),
      ...(companions && { companions: companions.map(companionOf) }),
    };
    return Object.assign(rule, rest) as Rule;
  });
}

function read<T>(name: string): T {
  try {
    return JSON.parse(readFileSync(join(packageFolder(), 'dist', name), 'utf8'));
  } catch (cause) {
    throw new UserError(`dist/${name} of the scanner cannot be read`, { hint: 'install the scanner again', cause });
  }
}

function companionOf({ pattern, ...row }: Stored<Companion>): Companion {
  return pattern ? { ...row, pattern: regExp(pattern) } : (row as Companion);
}

function regExp([source, flags]: StoredPattern): RegExp {
  return new RegExp(source, flags);
}
