import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { makeRepository, type TestRepository } from '../e2e/repository.ts';

/** Values that must be seen nowhere. The same at each run, as they are made of what they are for. */
export const VALUES = {
  password: fillExample('{{alnum:10}}#{{alnum:5}}!{{alnum:8}}'),
  other: fillExample('{{alnum:6}}%{{alnum:7}}!{{alnum:7}}'),
  manual: ['one', 'two', 'three', 'four'].map((which) => fillExample(`{{alnum:9}}?{{alnum:6}}-{{alnum:6}}${which}`)),
  github: fillExample('ghp_{{alnum:30}}{{crc62}}'),
  /** What a person would think of: a secret by its name, and not a sure one. */
  doubt: ['mango{{digit:4}}tree', 'tiger{{digit:3}}lily'].map(fillExample),
  url: fillExample('{{lownum:18}}'),
};

/** A repository of commits and files with planted secrets, and with examples of a manual that look like some. */
export function plantedRepository() {
  const repository = makeRepository();
  const commits: Record<string, string> = {};
  const add = (name: string, path: string, text: string) => {
    repository.stage(path, text);
    commits[name] = repository.commit(name);
  };
  add('clean', 'src/clean.py', 'import os\n\npassword = os.environ["DB_PASSWORD"]\n');
  add('password', 'src/app.py', `import db\n\ndb_password = "${VALUES.password}"\ndb.connect(db_password)\n`);
  add('github', 'deploy/settings.env', `NAME=app\nGITHUB_TOKEN=${VALUES.github}\n`);
  VALUES.manual.forEach((value, i) => {
    add(`manual ${i}`, `manual/chapter-${i}.py`, `# how to set it\nsample_password = "${value}"\n`);
  });
  add('key in the manual', 'manual/key.env', `SAMPLE_TOKEN=${VALUES.github}\n`);
  add('url', 'src/db.py', `URL = "postgres://app:${VALUES.url}@db.internal/app"\n`);
  add('encoded', 'k8s/secret.yaml', kubernetesSecret(VALUES.other));
  return { repository, commits };
}

function kubernetesSecret(value: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${Buffer.from(value).toString('base64')}\n`;
}

/** Sees that no planted value is in a text, in whatever way it may be written. */
export function expectNoValues(text: string, where: string): void {
  for (const value of Object.values(VALUES).flat()) {
    const bytes = Buffer.from(value);
    const ways = [value, encodeURIComponent(value), bytes.toString('hex'), bytes.toString('base64')];
    for (const way of [...ways, JSON.stringify(value).slice(1, -1)]) {
      expect(text.includes(way), `${where} holds a planted value`).toBe(false);
    }
  }
}

/** The same of all that reviews have left in a repository. */
export function expectCleanFolder({ root }: Pick<TestRepository, 'root'>): string[] {
  const folder = join(root, '.smart-secrets-scanner');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    expectNoValues(readFileSync(join(parentPath, name), 'latin1'), name);
    expectNoValues(readFileSync(join(parentPath, name), 'utf8'), name);
  }
  return files.map(({ name }) => name);
}

/** The lines of a file. */
export function linesOf<T = Record<string, unknown>>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
