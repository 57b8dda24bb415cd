/** Names that say what kind of value it is, and not of what. */
const GENERIC =
  /^(?:(?:MY|THE|DEFAULT|TEST)_)?(?:PASS(?:WORD|WD|PHRASE|CODE)?|PWD|PW|SECRET|TOKEN|KEY|API_?KEY|API_?TOKEN|ACCESS_?KEY(?:_?ID)?|ACCESS_?TOKEN|REFRESH_?TOKEN|AUTH(?:_?TOKEN|_?KEY|ORIZATION)?|SECRET_?KEY|SECRET_?ACCESS_?KEY|CLIENT_?SECRET|PRIVATE_?KEY|BEARER|CREDENTIALS?|VALUE|DATA|URL|URI|DSN|CONN(?:ECTION)?(?:_?STR(?:ING)?)?|STRING|CONFIG|HEADERS?|ID|USER|LOGIN|NAME|.|..)$/;
const DULL_FILES =
  /^(?:index|main|app|application|config|configuration|settings|server|client|constants?|const|env|environment|utils?|common|default|setup|test|init|__init__|local|production|development|base|docker_compose|compose|run|start|script)$/i;
/** Variables that mean something to shells and programs already. */
const RESERVED = new Set(
  (
    'PATH HOME USER SHELL PWD OLDPWD LANG TERM HOST HOSTNAME LOGNAME MAIL TMP TEMP TMPDIR IFS UID EUID PPID PS1 CI ' +
    'NODE_ENV NODE_OPTIONS PYTHONPATH RUBYOPT GOPATH JAVA_HOME EDITOR DISPLAY RANDOM SECONDS LINENO OPTARG OPTIND'
  ).split(' '),
);
const NO_PROVIDER = /^(?:generic|database|private key|basic authentication|custom)$/i;
const LONGEST = 60;

/** What is known of a value that needs a name. */
export interface NameHints {
  /** What it is bound to, as written: `config.db.password`. */
  name?: string | undefined;
  provider: string;
  description: string;
  /** Logical path of its file. */
  path: string;
}

/** `smtpPassword` and `smtp-password` to `SMTP_PASSWORD`. */
export function upperSnake(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
}

/** A name for the variable that a value is read from: what it was bound to, and of what where that says too little. */
export function nameFor({ name, provider, description, path }: NameHints): string {
  // A masked name says nothing.
  const written = name === undefined || name.includes('*') ? '' : name;
  const parts = written
    .split(/\.|::|->|\[|\]|\//)
    .map(upperSnake)
    .filter((part) => part !== '' && !/^(?:SELF|THIS|PROCESS|ENV|ENVIRON|OS|EXPORT|CONST|STRING)$/.test(part));
  const isProvider = !NO_PROVIDER.test(provider);
  const last = parts.at(-1) ?? kindOf(description);
  const own = /^(?:AUTHORIZATION|BEARER)$/.test(last) ? 'TOKEN' : last;
  // API_KEY is called what variables of the environment are called already.
  const isSaying = !GENERIC.test(own) || /(?:^|\W)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(written);
  const whose = isSaying
    ? ''
    : isProvider
      ? upperSnake(provider.toLowerCase())
      : (parts.at(-2) ?? upperSnake(fileName(path)));
  const joined = whose === '' || own.startsWith(`${whose}_`) ? own : `${whose}_${own}`;
  const cut = joined.slice(0, LONGEST).replace(/_+$/, '');
  return /^\d/.test(cut) || RESERVED.has(cut) ? `APP_${cut}` : cut;
}

/** `GitHub personal access token` is a TOKEN. */
function kindOf(description: string): string {
  const kind = /webhook|password|private key|secret key|client secret|secret|api key|access key|token|key/i.exec(
    description,
  )?.[0];
  return kind === undefined ? 'SECRET' : upperSnake(kind);
}

function fileName(path: string): string {
  const parts = path.split('/');
  const stems = parts.map((part) => part.replace(/(?<=.)\.[^/]*$/, '').replace(/^\./, '')).reverse();
  return (
    stems.find(
      (stem) =>
        stem !== '' && !DULL_FILES.test(stem) && !/^(?:src|lib|pkg|cmd|internal|java|kotlin|com|org)$/i.test(stem),
    ) ?? 'APP'
  );
}

/** The names of a run: a value of a file has one, and no name stands for two values. */
export class Names {
  /** What each variable is known to hold; undefined where that is not known. */
  private readonly values = new Map<string, string | undefined>();
  private readonly byPlace = new Map<string, string>();

  /** @param known variables that exist, with their values where these are known */
  constructor(known: Iterable<readonly [name: string, value: string | undefined]> = []) {
    for (const [name, value] of known) this.values.set(name, value);
  }

  /**
   * The name for a value: that which it has in the file already, else `wish`, numbered where that holds another value.
   * @param input.isTaken whether the file uses a name for something else
   */
  choose(input: { wish: string; value: string; path: string; isTaken?: (name: string) => boolean }): string {
    const { wish, value, path, isTaken = () => false } = input;
    const before = this.byPlace.get(`${path}\0${value}`);
    if (before !== undefined && !isTaken(before)) return before;
    for (let number = 1; ; number++) {
      const name = number === 1 ? wish : `${wish}_${number}`;
      if (this.accepts(name, value) && !isTaken(name)) return name;
    }
  }

  /** Whether a variable can hold that value: it is new, holds it already, or holds what is not known. */
  accepts(name: string, value: string): boolean {
    const held = this.values.get(name);
    return held === undefined || held === value;
  }

  take({ name, value, path }: { name: string; value: string; path: string }): void {
    this.values.set(name, value);
    this.byPlace.set(`${path}\0${value}`, name);
  }
}
