import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findOwn, namesIn } from '../../config/find.ts';
import { DEFAULT_CONFIG, loadConfig, shownPath } from '../../config/index.ts';
import {
  type Caller,
  checkSetup,
  disabledByAll,
  type Files,
  findCallers,
  fromDetectSecrets,
  fromGitleaksSetup,
  fromSecretlint,
  fromTrufflehog,
  PEERS,
  type Peer,
  type PeerSetup,
  setupsAsToml,
} from '../../config/migrate/index.ts';
import { readOwnConfig } from '../../config/own-config.ts';
import { parseConfig } from '../../config/read-file.ts';
import { ruleIds } from '../../rules/rule-ids.ts';
import { UserError } from '../../util/errors.ts';
import { version } from '../../util/version.ts';
import { rootOf } from '../settings.ts';
import { applyEdits } from './diff.ts';
import { findAtPlaces } from './ignored.ts';

const OWN = '.smart-secrets-scanner.toml';
/** How a configuration begins that was made here. */
const MADE = '# Made by sss migrate';
/** A baseline may be long; nothing else is read whole. */
const LARGEST = 50_000_000;

/** A file that is to be written. */
export interface Change {
  path: string;
  /** Undefined: it is new. */
  before: string | undefined;
  after: string;
  mode?: number;
}

/** What a migration would do. */
export interface Plan {
  root: string;
  setups: PeerSetup[];
  callers: Caller[];
  changes: Change[];
  /** Fingerprints of findings that were ignored by their places. */
  ignored: number;
}

/**
 * Looks at the setups of other scanners in the repository around `cwd`, and makes of them what is to be written.
 * @param input.peer only this one
 * @throws UserError when there is none, or one of its files cannot be read
 */
export async function planMigration(input: { cwd: string; peer: Peer | undefined }): Promise<Plan> {
  const { cwd, peer } = input;
  const root = await rootOf(cwd, []);
  const files = filesBelow(root);
  const knownIds = await ruleIds();
  const all = await findCallers(files, version === 'source' ? 'latest' : version);
  const callers = all.filter((caller) => peer === undefined || caller.peer === peer);
  const setups: PeerSetup[] = [];
  for (const one of PEERS) {
    if (peer !== undefined && one !== peer) continue;
    const setup = await readSetup({ peer: one, files, callers, knownIds }).catch((error: unknown) => {
      if (!(error instanceof UserError) || peer !== undefined) throw error;
      const others = PEERS.filter((other) => other !== one).join(', ');
      const hint = `mend it, or take over the others one by one (${others}): sss migrate NAME`;
      throw new UserError(`${one}: ${error.message}`, { hint: error.hint ?? hint, cause: error });
    });
    if (setup) setups.push(checkSetup(setup, knownIds));
  }
  if (setups.length === 0) throw nothingFound(peer, shownPath(cwd, root));
  nameKeptOn(setups);
  await nameWhatRemains({ files, setups, callers });
  const own = await findOwn({ folder: root, names: namesIn(root, String), show: (path) => shownPath(cwd, path) });
  const ignored = await allowIgnored({ root, setups, knownIds });
  const changes = [...(await configChanges({ files, setups, own })), ...(await callerChanges(files, callers))];
  return { root, setups, callers, changes, ignored };
}

function nameKeptOn(setups: readonly PeerSetup[]): void {
  const off = disabledByAll(setups);
  for (const setup of setups) {
    const kept = setup.disable.filter((pattern) => !off.includes(pattern));
    if (kept.length === 0) continue;
    setup.left.push(`${kept.join(', ')}: not turned off, as another scanner has looked for that: see rules.disable`);
  }
}

/** What the packages of the repository have to be, for hooks and scripts to work. */
async function nameWhatRemains(input: {
  files: Files;
  setups: readonly PeerSetup[];
  callers: readonly Caller[];
}): Promise<void> {
  const { files, setups, callers } = input;
  const text = await files.read('package.json');
  const names = [...(text ?? '').matchAll(/"([^"\s]+)"\s*:/g)].map((match) => match[1]!);
  const spent = names.filter((name) => /^@?secretlint(?:$|\/)|^secretlint-rule-/.test(name));
  const secretlint = setups.find(({ peer }) => peer === 'secretlint');
  if (secretlint && spent.length > 0) secretlint.todo.push(`npm uninstall ${spent.join(' ')}`);
  if (callers.some(({ edit }) => edit) && !names.includes('smart-secrets-scanner')) {
    setups[0]!.todo.push('npm install --save-dev smart-secrets-scanner, which the hooks start');
  }
}

async function readSetup(input: {
  peer: Peer;
  files: Files;
  callers: readonly Caller[];
  knownIds: readonly string[];
}): Promise<PeerSetup | undefined> {
  const { peer, files, knownIds } = input;
  const callers = input.callers.filter((caller) => caller.peer === peer);
  switch (peer) {
    case 'gitleaks': {
      const load = (file: string) => loadConfig({ cwd: files.root, file, ruleIds: () => knownIds });
      return fromGitleaksSetup({ files, callers, load });
    }
    case 'detect-secrets':
      return fromDetectSecrets({ files, callers, knownIds });
    case 'secretlint':
      return fromSecretlint({ files, callers, knownIds });
    case 'trufflehog':
      return fromTrufflehog({ files, callers, knownIds });
  }
}

/** Turns what a .gitleaksignore names by place into fingerprints of what stands there. */
async function allowIgnored(input: {
  root: string;
  setups: PeerSetup[];
  knownIds: readonly string[];
}): Promise<number> {
  const { root, setups, knownIds } = input;
  const setup = setups.find((one) => one.ignored.length > 0);
  if (!setup) return 0;
  const toml = setupsAsToml({ setups, title: '', isExtended: false });
  const { data } = await parseConfig(toml, OWN);
  const config = readOwnConfig({ data, defaults: DEFAULT_CONFIG, shown: OWN, folder: root, knownIds });
  const { fingerprints, nothing, gone } = await findAtPlaces({ root, places: setup.ignored, config });
  if (fingerprints.length > 0) setup.allow.push({ reason: 'from .gitleaksignore', fingerprints });
  for (const said of nothing) setup.changed.push(`${said}: nothing is reported there, so nothing need be allowed`);
  for (const said of gone) setup.left.push(`${said}: it is not there any more`);
  return fingerprints.length;
}

async function configChanges(input: {
  files: Files;
  setups: readonly PeerSetup[];
  own: string | undefined;
}): Promise<Change[]> {
  const { files, setups, own } = input;
  if (
    setups.every(
      ({ rules, allow, disable, useBuiltin }) => rules.length + allow.length + disable.length === 0 && useBuiltin,
    )
  ) {
    return [];
  }
  const names = setups.map(({ peer }) => peer);
  const title = `${MADE.slice(2)}, of the setup of ${names.join(' and ')}.`;
  const after = setupsAsToml({ setups, title, isExtended: own !== undefined });
  if (own === undefined) return [{ path: OWN, before: undefined, after }];
  const name = basename(own);
  const ownText = (await files.read(name))!;
  if (ownText.startsWith(MADE)) {
    setups[0]!.todo.push(`${name} is of an earlier sss migrate and stays as it is: remove it to have it made anew`);
    return [];
  }
  const path = `smart-secrets-scanner.from-${names.join('-')}.toml`;
  const before = await files.read(path);
  const line = `extends = "./${path}"`;
  if (ownText.includes(`./${path}`)) return [{ path, before, after }];
  const canExtend = name.endsWith('.toml') && !/^\s*extends\s*=/m.test(ownText);
  if (!canExtend)
    setups[0]!.todo.push(`let ${name} extend ${path}: extends: ["./${path}"], beside what it extends already`);
  const change = { path: name, before: ownText, after: `${line}\n${ownText}` };
  return [{ path, before, after }, ...(canExtend ? [change] : [])];
}

async function callerChanges(files: Files, callers: readonly Caller[]): Promise<Change[]> {
  const edited = callers.filter(({ edit }) => edit);
  const changes: Change[] = [];
  for (const path of new Set(edited.map(({ file }) => file))) {
    const group = edited.filter(({ file }) => file === path);
    const before = (await files.read(path))!;
    const after = applyEdits(
      before,
      group.map(({ edit }) => edit!),
    );
    changes.push({ path, before, after, mode: statSync(join(files.root, path)).mode });
  }
  return changes;
}

function filesBelow(root: string): Files {
  return {
    root,
    async read(path) {
      const full = join(root, path);
      try {
        const stats = statSync(full, { throwIfNoEntry: false });
        if (!stats?.isFile()) return undefined;
        if (stats.size > LARGEST) throw new UserError(`${path} is larger than a file of this kind can be (50 MB)`);
        return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(full));
      } catch (error) {
        if (error instanceof UserError) throw error;
        const { code } = error as NodeJS.ErrnoException;
        const why = error instanceof TypeError ? 'it is not valid UTF-8' : code;
        throw new UserError(`cannot read ${path}: ${why}`, { cause: error });
      }
    },
    list(folder) {
      try {
        return readdirSync(join(root, folder)).sort();
      } catch {
        return [];
      }
    },
  };
}

function nothingFound(peer: Peer | undefined, where: string): UserError {
  const of = peer ?? 'another scanner';
  return new UserError(`there is no setup of ${of} in ${where}`, {
    hint: 'looked for: .gitleaks.toml, .gitleaksignore, .secrets.baseline, .secretlintrc.*, .secretlintignore, trufflehog.yaml, and hooks, scripts and workflows that start one of them',
  });
}
