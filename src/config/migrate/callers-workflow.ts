import { isMap, isSeq, parseDocument } from 'yaml';
import { peerCommand } from './command-line.ts';
import type { Caller, Edit, Peer } from './setup.ts';
import { tableOf } from './values.ts';
import { replaceEntry, yamlEntries } from './yaml-entries.ts';

const ACTIONS: readonly [RegExp, Peer][] = [
  [/^(?:gitleaks|zricethezav)\/gitleaks-action(?:@|$)/i, 'gitleaks'],
  [/^trufflesecurity\/trufflehog(?:@|\/|$)/i, 'trufflehog'],
  [/^(?:secret-scanner|reviewdog)\/[\w-]*detect-secrets[\w-]*(?:@|$)/i, 'detect-secrets'],
];

/** The steps of a GitHub workflow that are a peer: an action, or a command that does nothing else. */
export async function callersInWorkflow(file: string, text: string, version: string): Promise<Caller[]> {
  if (!/gitleaks|trufflehog|detect-secrets|secretlint/i.test(text)) return [];
  const out: Caller[] = [];
  const command = `npx --yes smart-secrets-scanner@${version} scan`;
  for (const path of stepLists(text)) {
    let isThere = false;
    for (const entry of await yamlEntries(text, path)) {
      const { uses, run, name, if: condition, with: options } = entry.value;
      const action = ACTIONS.find(([pattern]) => pattern.test(String(uses ?? '')))?.[1];
      const lines = String(run ?? '')
        .replace(/\\\n\s*/g, ' ')
        .split('\n');
      const commands = lines.map((line) => peerCommand(line.trim()));
      const found = commands.find((one) => one !== undefined);
      const peer = action ?? found?.peer;
      if (peer === undefined) continue;
      const isAlone =
        action !== undefined || (found!.isAlone && lines.filter((line) => line.trim() !== '').length === 1);
      const keys = [
        ...(typeof name === 'string' ? [`name: ${JSON.stringify(name)}`] : []),
        ...(typeof condition === 'string' ? [`if: ${JSON.stringify(condition)}`] : []),
        `run: ${command}`,
      ];
      const instead = keys.map((key, i) => `${i === 0 ? '- ' : '  '}${key}`);
      const edit: Edit | undefined = isAlone ? replaceEntry({ text, entry, lines: isThere ? [] : instead }) : undefined;
      isThere ||= edit !== undefined;
      const args = [
        ...(found?.args ?? []),
        ...String(tableOf(options).extra_args ?? '')
          .split(/\s+/)
          .filter(Boolean),
      ];
      out.push({ peer, args, file, line: entry.line, instead: command, ...(edit ? { edit } : {}) });
    }
  }
  return out;
}

/** Where the lists of steps are: of the jobs of a workflow, or of an action of its own. */
function stepLists(text: string): (string | number)[][] {
  const document = parseDocument(text, { prettyErrors: false });
  const jobs = document.get('jobs');
  const paths: (string | number)[][] = [['runs', 'steps']];
  if (isMap(jobs)) for (const { key } of jobs.items) paths.push(['jobs', String(key), 'steps']);
  return paths.filter((path) => isSeq(document.getIn(path)));
}
