import type { Language, Refusal } from './types.ts';

const BY_ENDING: Record<string, Language> = {
  ...of('javascript', 'js mjs cjs jsx'),
  ...of('typescript', 'ts mts cts tsx'),
  ...of('python', 'py pyw'),
  ...of('ruby', 'rb rake gemspec ru'),
  ...of('go', 'go'),
  ...of('java', 'java'),
  ...of('shell', 'sh bash zsh ksh dash bats'),
  ...of('yaml', 'yml yaml'),
};

function of(language: Language, endings: string): Record<string, Language> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, language]));
}

const RUBY_FILES = /(?:^|\/)(?:Rakefile|Gemfile|Vagrantfile|Guardfile|Capfile|Fastfile|config\.ru)$/;
/** What is read when a shell starts: it makes the environment. */
const STARTUP =
  /(?:^|\/)(?:\.?(?:ba|z|k)shrc|\.?(?:bash_|z)?profile|\.z(?:shenv|login)|\.bash_(?:login|aliases)|\.envrc)$/;

const EXAMPLE =
  /(?:^|\/)(?:\.env[\w.-]*\.(?:example|sample|template|dist|defaults)|\.env-(?:example|sample|template)|(?:example|sample|template)\.env|\.?env\.(?:example|sample|template|dist))$/i;
const DOTENV = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env)$/i;

/** A file of variables that is there to be copied: it has their names, and no values that count. */
function isExampleFile(path: string): boolean {
  return EXAMPLE.test(path);
}

/** A file that values belong in, and that does not belong in git. */
export function isDotenv(path: string): boolean {
  return DOTENV.test(path) && !isExampleFile(path);
}

/** What a user of other languages writes, and what other files need. */
const ELSEWHERE: readonly [RegExp, Refusal][] = [
  [
    STARTUP,
    {
      refused: 'this file makes the environment',
      todo: 'keep it out of git, or read the value from a file that is not in git',
    },
  ],
  [/\.d\.[cm]?ts$|\.pyi$/, { refused: 'this file declares types' }],
  [/\.ipynb$/, { refused: 'notebooks are not edited', todo: 'os.environ["…"], and clear the output' }],
  [/\.php$/, { refused: 'PHP is not rewritten', todo: "getenv('…')" }],
  [/\.cs$/, { refused: 'C# is not rewritten', todo: 'Environment.GetEnvironmentVariable("…")' }],
  [/\.(?:kt|kts|scala|groovy|gradle)$/, { refused: 'this language is not rewritten', todo: 'System.getenv("…")' }],
  [/\.rs$/, { refused: 'Rust is not rewritten', todo: 'std::env::var("…")' }],
  [/\.(?:c|h|cc|cpp|hpp|m|mm)$/, { refused: 'this language is not rewritten', todo: 'getenv("…")' }],
  [/\.swift$/, { refused: 'Swift is not rewritten', todo: 'ProcessInfo.processInfo.environment["…"]' }],
  [/\.(?:ps1|psm1)$/, { refused: 'PowerShell is not rewritten', todo: '$env:NAME' }],
  [/\.(?:bat|cmd)$/, { refused: 'batch files are not rewritten', todo: '%NAME%' }],
  [/\.tf(?:vars)?$/, { refused: 'Terraform is not rewritten', todo: 'a sensitive variable, set by TF_VAR_…' }],
  [
    /(?:^|\/)(?:Dockerfile|Containerfile)[\w.-]*$|\.dockerfile$/i,
    {
      refused: 'what is built into an image stays in it',
      todo: 'pass it when the container starts, or RUN --mount=type=secret',
    },
  ],
  [
    /\.(?:vue|svelte|html?|astro)$/,
    {
      refused: 'this file is sent to browsers, and so would be what it reads',
      todo: 'move what needs the secret to the server',
    },
  ],
  [
    /\.(?:json|jsonc|json5|toml|xml|plist|csv|lock)$/,
    {
      refused: 'this format has no variables',
      todo: 'let the program that reads it take the value from the environment',
    },
  ],
  [
    /\.(?:properties|ini|cfg|conf|cnf)$/,
    {
      refused: 'whether what reads this file fills in variables is not known',
      todo: 'let the program that reads it take the value from the environment',
    },
  ],
  [/\.(?:md|mdx|rst|txt|adoc|log|out)$/, { refused: 'a text is not a program', todo: 'mask it: sss fix --mask' }],
  [
    /\.(?:pem|key|p8|pk8|ppk|jks|p12|pfx|kdbx|gpg|asc)$/,
    { refused: 'the file is the secret', todo: 'git rm --cached it, and keep it out by .gitignore' },
  ],
];
const UNKNOWN: Refusal = {
  refused: 'this kind of file is not rewritten',
  todo: 'take it out by hand, or mask it: sss fix --mask',
};

/** The language of a file, by its name and its first line; or what to do where it is none that is rewritten. */
export function languageOf(path: string, text: string): Language | Refusal {
  if (isExampleFile(path)) return 'env-example';
  const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(path))?.[1];
  if (elsewhere) return elsewhere;
  if (RUBY_FILES.test(path)) return 'ruby';
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  if (known) return known;
  const program = /^#!.*?(?:\/|\benv\s+(?:-S\s+)?)(bash|sh|zsh|ksh|dash|python[\d.]*|ruby|node)\b/.exec(
    text.slice(0, 200),
  )?.[1];
  if (program === undefined) return UNKNOWN;
  if (program.startsWith('python')) return 'python';
  return program === 'ruby' ? 'ruby' : program === 'node' ? 'javascript' : 'shell';
}
