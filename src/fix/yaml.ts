import { type Document, isCollection, isPair, isScalar, type Pair, parseAllDocuments, type Scalar, visit } from 'yaml';
import { asDefault } from './shell.ts';
import type { Drafted, Refusal, Target } from './types.ts';

const WORKFLOW = /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/i;
const COMPOSE = /(?:^|\/)(?:docker-|podman-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;

/** Keys of a workflow whose values may name secrets. */
const TAKES_SECRETS: ReadonlySet<string> = new Set(['env', 'with', 'secrets', 'credentials']);

/** Other files of YAML, by what is known of who reads them. */
const ELSEWHERE: readonly [test: (path: string, text: string) => boolean, refusal: Refusal][] = [
  [
    (path) => /(?:^|\/)action\.ya?ml$/i.test(path),
    { refused: 'an action does not see secrets', todo: 'make it an input, and let the workflow pass a secret to it' },
  ],
  [
    (path) => /(?:^|\/)\.gitlab-ci\.ya?ml$/i.test(path),
    { refused: 'variables of GitLab are set for the project', todo: 'a masked variable: Settings > CI/CD > Variables' },
  ],
  [
    (_, text) => /^apiVersion:/m.test(text) && /^kind:/m.test(text),
    {
      refused: 'Kubernetes does not read the environment for it',
      todo: 'refer to a Secret that is not in git: valueFrom.secretKeyRef',
    },
  ],
  [
    (path, text) => /(?:^|\/)(?:group_vars|host_vars|roles|playbooks)\//.test(path) || /^- hosts:/m.test(text),
    { refused: 'it is read by Ansible', todo: 'ansible-vault encrypt_string, or lookup("env", "…")' },
  ],
  [
    (path) => /(?:^|\/)application[\w-]*\.ya?ml$/i.test(path),
    {
      refused: 'it is read by what may be Spring',
      todo: 'if it is, the name of a variable in braces behind a dollar sign',
    },
  ],
];
const UNKNOWN: Refusal = {
  refused: 'YAML has no variables by itself, and what reads this file is not known',
  todo: 'let the program that reads it take the value from the environment',
};

/** A workflow of GitHub, or of what understands those. */
export function isWorkflow(path: string): boolean {
  return WORKFLOW.test(path);
}

/** YAML, where what reads it fills variables in: `${NAME:?}` for compose, `${{ secrets.NAME }}` in a workflow. */
export function inYaml({ path, text, target }: { path: string; text: string; target: Target }): Drafted {
  const inWorkflow = isWorkflow(path);
  if (!inWorkflow && !COMPOSE.test(path)) return ELSEWHERE.find(([test]) => test(path, text))?.[1] ?? UNKNOWN;
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) {
    return { refused: 'the file cannot be parsed', todo: 'mend it first' };
  }
  const found = scalarAt(documents, target);
  if (!found)
    return { refused: 'it does not stand in one value', todo: 'take it out by hand, or mask it: sss fix --mask' };
  const { isKey, isFlow, keys, type } = found;
  if (isKey) return { refused: 'it is a key' };
  if (isFlow && type === 'PLAIN')
    return { refused: 'it stands in brackets without quotes', todo: 'put quotes round it first' };
  const { start, end, name } = target;
  if (inWorkflow) {
    const isTaken = keys.slice(0, -1).some((key) => TAKES_SECRETS.has(key)) && !keys.includes('inputs');
    if (!isTaken || keys.at(-1) === 'if') {
      const todo = `give the step env: ${name}: \${{ secrets.${name} }}, and use "$${name}"`;
      return { refused: 'secrets belong in env or with, not here', todo };
    }
    return { edits: [{ start, end, text: `\${{ secrets.${name} }}` }], name, isActionsSecret: true };
  }
  if (text.slice(start, end).includes('$')) return { refused: 'compose would read more into it than its characters' };
  if (/\$\{\w+:?[-=]$/.test(text.slice(Math.max(0, start - 100), start))) return asDefault(text, target);
  return { edits: [{ start, end, text: `\${${name}:?}` }], name };
}

function scalarAt(documents: readonly Document[], { start, end }: Target) {
  let found: { isKey: boolean; isFlow: boolean; keys: string[]; type: Scalar.Type | undefined } | undefined;
  for (const document of documents) {
    visit(document, {
      Scalar(key, node, path) {
        const [from, to] = node.range ?? [0, 0];
        if (from > start || to < end) return undefined;
        const keys = path.flatMap((one) => (isPair(one) ? keyOf(one) : []));
        const isFlow = path.some((one) => isCollection(one) && one.flow === true);
        found = { isKey: key === 'key', isFlow, keys, type: node.type as Scalar.Type | undefined };
        return visit.BREAK;
      },
    });
  }
  return found;
}

function keyOf({ key }: Pair): string[] {
  return isScalar(key) ? [String(key.value)] : [];
}
