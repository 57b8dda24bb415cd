import { remembered } from '../util/remembered.ts';

/** What a path says of the text in it. */
export interface PathSense {
  kind: 'code' | 'config' | 'data' | 'doc' | 'shell' | 'template' | 'key' | 'other';
  test: boolean;
  example: boolean;
  locale: boolean;
  lock: boolean;
  minified: boolean;
}

/** What comes of documents: cells of notebooks, texts of PDF files, tables of databases, configurations of images. */
const PARTS: readonly [PathSense['kind'], RegExp][] = [
  ['code', /\.ipynb\/cell \d+$/],
  ['config', /\/config [\da-f]{12}\/env$/],
  ['shell', /\/config [\da-f]{12}\/history$/],
  ['doc', /\.pdf\/(?:object \d+|metadata)$/],
  ['data', /\.ipynb\/(?:cell \d+ output|metadata)$|\/config [\da-f]{12}\/settings$|\.(?:sqlite3?|s3db|db3?)\/[^/]+$/],
];

const KINDS: readonly [PathSense['kind'], RegExp][] = [
  ['doc', /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|org|tex|textile|pod|ipynb)$|readme|changelog/],
  [
    'shell',
    /\.(?:sh|bash|zsh|fish|ps1|psm1|bat|cmd|mk)$|(?:^|\/)(?:makefile|dockerfile|jenkinsfile|vagrantfile)[^/]*$/,
  ],
  [
    'config',
    /\.(?:ya?ml|toml|ini|cfg|conf|cnf|config|properties|env|plist|tf|tfvars|hcl|ldif|service|editorconfig|npmrc|pypirc|netrc)$|(?:^|\/)\.env[^/]*$|(?:^|\/)\.[^/.]+rc$|(?:^|\/)etc\/(?:[^/]+\/)*[^/.]+$/,
  ],
  ['data', /\.(?:json|jsonl|xml|csv|tsv|sql|har|log|svg|golden|snap|lock|jsonc|json5|xlf|po|strings|resx)$/],
  ['template', /\.(?:html?|erb|ejs|hbs|tpl|tmpl|template|j2|vue|svelte|jsp|aspx|cshtml|haml|twig|mustache)$/],
  ['key', /\.(?:pem|key|crt|cer|p12|pfx|ppk|asc|gpg|pub)$/],
  [
    'code',
    /\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|kts|scala|cs|vb|fs|c|cc|cpp|cxx|h|hpp|m|mm|swift|rs|php|pl|pm|ex|exs|erl|clj|cljs|lua|r|jl|dart|groovy|gradle|hs|ml|elm|coffee|proto|sol|bal)$/,
  ],
];

/**
 * Reads a logical path; the same path always gives the same answer. What is inside a container is read like what is in a
 * folder.
 */
export const pathSense = remembered(senseOf);

function senseOf(path: string): PathSense {
  const isMember = path.includes('!');
  const lower = isMember ? path.toLowerCase().replaceAll('!', '/') : path.toLowerCase();
  const kinds = isMember ? [...PARTS, ...KINDS] : KINDS;
  return {
    kind: kinds.find(([, pattern]) => pattern.test(lower))?.[0] ?? 'other',
    test: /(?:^|[/_.-])(?:tests?|specs?|testing|testdata|mocks?|fixtures?|__tests__|e2e|stubs?)(?:[/_.-]|$)/.test(
      lower,
    ),
    example: /(?:^|[/_.-])(?:examples?|samples?|demos?|docs?|tutorials?|templates?|sandbox)(?:[/_.-]|$)/.test(lower),
    locale: /(?:^|[/_.-])(?:locales?|lang|i18n|l10n|translations?|languages?|resources?\/values)(?:[/_.-]|$)/.test(
      lower,
    ),
    lock: /(?:package-lock|yarn|pnpm-lock|composer|cargo|poetry|gemfile|go)\.(?:lock|json|ya?ml|sum)$|\.lock$/.test(
      lower,
    ),
    minified: /\.min\.(?:js|css)$|\.map$/.test(lower),
  };
}
