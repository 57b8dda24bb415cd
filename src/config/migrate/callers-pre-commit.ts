import { peerCommand } from './command-line.ts';
import type { Caller, Peer } from './setup.ts';
import { textsOf } from './values.ts';
import { type Entry, entryOf, replaceEntry, yamlEntries } from './yaml-entries.ts';

const REPOSITORIES: readonly [RegExp, Peer][] = [
  [/\/(?:gitleaks|zricethezav)\/gitleaks/i, 'gitleaks'],
  [/\/(?:yelp|ibm)\/detect-secrets/i, 'detect-secrets'],
  [/\/secretlint\//i, 'secretlint'],
  [/\/trufflesecurity\/trufflehog/i, 'trufflehog'],
];

/** Uses the scanner that is installed, in node_modules or on PATH: which release of a repository to name is not known. */
const hookLines = (peer: string): string[] => [
  '- id: smart-secrets-scanner',
  `  name: secrets in staged changes (was ${peer})`,
  '  entry: npx smart-secrets-scanner hook run pre-commit',
  '  language: system',
  '  pass_filenames: false',
  '  always_run: true',
];

/** The hooks of peers in a `.pre-commit-config.yaml`: an entry of a repository, or a single hook of a local one. */
export async function callersInPreCommit(file: string, text: string): Promise<Caller[]> {
  const out: Caller[] = [];
  // The scanner runs once, however many others it stands in for.
  let isThere = text.includes('smart-secrets-scanner hook run');
  for (const entry of await yamlEntries(text, ['repos'])) {
    const repo = String(entry.value.repo ?? '');
    const peer = REPOSITORIES.find(([pattern]) => pattern.test(repo))?.[1];
    const hooks = await yamlEntries(text, [...entry.path, 'hooks']);
    if (peer !== undefined) {
      const lines = isThere ? [] : ['- repo: local', '  hooks:', ...hookLines(peer).map((line) => `    ${line}`)];
      const edit = replaceEntry({ text, entry, lines });
      isThere ||= edit !== undefined;
      const [first] = hooks;
      const common = { peer, file, line: entry.line, instead: lines.join('\n') };
      out.push({ ...common, ...optionsOf(first), ...(edit ? { edit } : {}) });
      // Each hook of the entry has options of its own; they go with the entry.
      for (const hook of hooks.slice(1)) out.push({ ...common, line: hook.line, ...optionsOf(hook), instead: '' });
      continue;
    }
    for (const hook of hooks) {
      const command = peerCommand(String(hook.value.entry ?? ''));
      if (!command) continue;
      const lines = isThere && hooks.length > 1 ? [] : hookLines(command.peer);
      const edit = replaceEntry({ text, entry: hook, lines });
      isThere ||= edit !== undefined;
      const { args, ...rest } = optionsOf(hook);
      const common = { peer: command.peer, file, line: hook.line, instead: lines.join('\n') };
      out.push({ ...common, ...rest, args: [...command.args, ...args], ...(edit ? { edit } : {}) });
    }
  }
  return out;
}

function optionsOf(hook: Entry | undefined): { args: string[]; exclude?: string } {
  const { args, exclude } = entryOf(hook);
  return { args: textsOf(args), ...(typeof exclude === 'string' ? { exclude } : {}) };
}
