import { describe, expect, it } from 'vitest';
import { settle } from '../../src/classify/index.ts';
import { features } from '../../src/features/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Verdict } from '../../src/types.ts';
import { candidates } from '../candidates/found.ts';

const UUID = fillExample('{{hex:8}}-{{hex:4}}-4{{hex:3}}-a{{hex:3}}-{{hex:12}}');
const TOKEN = fillExample('{{alnum:28}}');
const HEX = fillExample('{{hex:40}}');

/** What is said of `value` where it stands in `text`: as the scanner finds it there. */
function verdictOn({
  value,
  text,
  path = 'src/a.ts',
}: {
  value: string;
  text: string;
  path?: string;
}): Verdict | undefined {
  const found = candidates(text, { path }).filter((candidate) => candidate.value === value);
  expect(found, `${value} in ${text}`).toHaveLength(1);
  return settle({ candidate: found[0]!, features: features(found[0]!), preset: 'balanced' });
}

interface Case {
  value: string;
  text: string;
  path?: string;
}

describe('what is public or an example', () => {
  it.each<[what: string, label: string, yes: Case, no: Case]>([
    [
      'values of standards',
      'placeholder',
      { value: '2YotnFZFEjr1zCsicMWpAA', text: 'access_token = "2YotnFZFEjr1zCsicMWpAA"' },
      { value: TOKEN, text: `access_token = "${TOKEN}"` },
    ],
    [
      'holes in a text',
      'placeholder',
      { value: '{proxy_password}', text: 'proxy_password = "{proxy_password}"' },
      { value: '{pRoxy-7!word}', text: 'proxy_password = "{pRoxy-7!word}"' },
    ],
    [
      'names of settings',
      'placeholder',
      { value: 'POLY_PASSPHRASE', text: '# password: "POLY_PASSPHRASE"', path: 'a.yml' },
      { value: 'POLY_PASSPHRASE_9x', text: '# password: "POLY_PASSPHRASE_9x"', path: 'a.yml' },
    ],
    [
      'identifiers that were counted out',
      'placeholder',
      { value: '12345678-1234-1234-1234-123456789012', text: 'User ID: 12345678-1234-1234-1234-123456789012 or more' },
      { value: UUID, text: `User ID: ${UUID} or more` },
    ],
    [
      'identifiers with a counted end',
      'placeholder',
      { value: `${UUID.slice(0, 24)}0123456789ab`, text: `id: '${UUID.slice(0, 24)}0123456789ab'` },
      { value: UUID, text: `id: '${UUID}'` },
    ],
    [
      'identifiers in an example',
      'placeholder',
      { value: UUID, text: `Send the step. For example: StepExecutionId="${UUID}"`, path: 'a.txt' },
      { value: UUID, text: `For example: session_token="${UUID}"`, path: 'a.txt' },
    ],
    [
      'what follows a sentence that announces it',
      'placeholder',
      { value: TOKEN, text: `The following is an example:   ${TOKEN}   For more see below`, path: 'a.md' },
      { value: TOKEN, text: `The following is in use:   ${TOKEN}   For more see below`, path: 'a.md' },
    ],
    [
      'pages that a comment refers to',
      'harmless',
      { value: HEX, text: `# https://data.example.org/dataset/resource/${HEX}`, path: 'a.py' },
      { value: HEX, text: `x = "https://data.example.org/dataset/resource/${HEX}"`, path: 'a.py' },
    ],
    [
      'pages that a tag refers to, by UUIDs, too',
      'harmless',
      { value: UUID, text: ` * @see https://docs.example.org/resource/${UUID}`, path: 'a.ts' },
      { value: UUID, text: ` * https://docs.example.org/resource/${UUID}`, path: 'a.ts' },
    ],
    [
      'pages that a comment refers to, but not hooks',
      'harmless',
      { value: UUID, text: `// @see https://docs.example.org/pages/?id=${UUID}`, path: 'test/a.ts' },
      { value: UUID, text: `// @see https://docs.example.org/webhook/${UUID}`, path: 'test/a.ts' },
    ],
    [
      'identifiers in comments',
      'harmless',
      { value: UUID, text: `  //   "orderId": "${UUID}",` },
      { value: UUID, text: `     "orderId": "${UUID}",` },
    ],
    [
      'identifiers in comments, but no tokens',
      'harmless',
      { value: UUID, text: `run(); // {"resource": "/accounts/${UUID}/sent"}` },
      { value: UUID, text: `run(); // {"access_token": "${UUID}"}` },
    ],
    [
      'fields of an example',
      'placeholder',
      { value: TOKEN, text: `// {\n//   "token": "${TOKEN}",\n//   "expires": 60,\n//   "scope": "all"\n// }` },
      { value: TOKEN, text: `// "token": "${TOKEN}"\nconst expires = 60;` },
    ],
    [
      'fields of an example, but no passwords',
      'placeholder',
      { value: TOKEN, text: `// "token": "${TOKEN}",\n// "expires": 60,\n// "scope": "all"` },
      { value: TOKEN, text: `// "password": "${TOKEN}",\n// "expires": 60,\n// "scope": "all"` },
    ],
    [
      'fields of an example, but no code that was put aside',
      'placeholder',
      { value: TOKEN, text: `// "token": "${TOKEN}",\n// "expires": 60,\n// "scope": "all"` },
      { value: TOKEN, text: `// token: "${TOKEN}",\n// expires: 60,\n// scope: "all"` },
    ],
    [
      'greetings in comments',
      'placeholder',
      { value: 'hello', text: ' *  password = "hello"' },
      { value: 'hello', text: 'password = "hello"' },
    ],
    [
      'points in time',
      'harmless',
      { value: '2016-09-08T21:47:36Z', text: '"PasswordLastUsed": "2016-09-08T21:47:36Z"', path: 'a.json' },
      { value: '2016-09-08-21:47!Z', text: '"PasswordLastUsed": "2016-09-08-21:47!Z"', path: 'a.json' },
    ],
    [
      'amounts of time',
      'harmless',
      { value: '1587584729', text: '"clientSecretExpiresAt": "1587584729"', path: 'a.json' },
      { value: '1587584729', text: '"clientSecret": "1587584729"', path: 'a.json' },
    ],
    [
      'units of time',
      'harmless',
      { value: 'minutes', text: '"AccessToken": "minutes"', path: 'a.json' },
      { value: 'minutes7', text: '"AccessToken": "minutes7"', path: 'a.json' },
    ],
    [
      'addresses in block chains',
      'harmless',
      { value: `0x${HEX}`, text: `collateralToken: "0x${HEX}"` },
      { value: `0x${HEX}`, text: `accountSecret: "0x${HEX}"` },
    ],
    [
      'numbers of tokens',
      'harmless',
      { value: `0x${HEX.slice(8)}`, text: `tokenId: "0x${HEX.slice(8)}"` },
      { value: `0x${HEX.slice(8)}`, text: `token: "0x${HEX.slice(8)}"` },
    ],
    [
      'recommendations',
      'harmless',
      { value: UUID, text: `[x](https://exchange.example.com/referral/${UUID})`, path: 'README.md' },
      { value: UUID, text: `[x](https://exchange.example.com/login/${UUID})`, path: 'README.md' },
    ],
    [
      'identity pools',
      'harmless',
      { value: UUID, text: `IdentityPoolId: 'us-east-1:${UUID}',` },
      { value: UUID, text: `IdentityPoolId: 'production:${UUID}',` },
    ],
    [
      'subscriptions',
      'harmless',
      { value: UUID, text: `uri: '/subscriptions/${UUID}/resourceGroups/x'` },
      { value: UUID, text: `uri: '/subscribers/${UUID}/resourceGroups/x'` },
    ],
    [
      'Bluetooth services',
      'harmless',
      { value: UUID, text: `const char *SERVICE_UUID = "${UUID}";`, path: 'a.h' },
      { value: UUID, text: `const char *TENANT_UUID = "${UUID}";`, path: 'a.h' },
    ],
    [
      'name spaces of identifiers',
      'harmless',
      { value: UUID, text: `UUID_NAMESPACE_TOOLS = uuid.UUID('${UUID}')`, path: 'a.py' },
      { value: UUID, text: `UUID_TENANT_TOOLS = uuid.UUID('${UUID}')`, path: 'a.py' },
    ],
    [
      'URNs',
      'harmless',
      { value: UUID, text: `"serialNumber": "urn:uuid:${UUID}"`, path: 'a.json' },
      { value: UUID, text: `"serialNumber": "turn:uuids:${UUID}"`, path: 'a.json' },
    ],
    [
      'places in a page',
      'harmless',
      { value: UUID, text: `See https://api-doc.example.org/#${UUID}`, path: 'a.txt' },
      { value: UUID, text: `See https://api-doc.example.org/?k#x=${UUID}`, path: 'a.txt' },
    ],
    [
      'pictures',
      'harmless',
      { value: UUID, text: `![x](https://github.com/user-attachments/assets/${UUID})`, path: 'README.md' },
      { value: UUID, text: `![x](https://github.com/user-attachments/files/${UUID})`, path: 'README.md' },
    ],
    [
      'the texts of a list, one a line',
      'harmless',
      { value: 'proxies', text: 'NAMES = {\n    "password",\n    "proxies",\n    "token",\n}\n', path: 'a.py' },
      { value: 'proxies', text: 'login(user, "password", "proxies")\n', path: 'a.py' },
    ],
    [
      'disks and file systems',
      'harmless',
      { value: UUID, text: `UUID=${UUID} /boot ext4 defaults 0 2\n`, path: 'etc/fstab' },
      { value: UUID, text: `key=${UUID} /boot\n`, path: 'etc/fstab' },
    ],
    [
      'disks and file systems by the name',
      'harmless',
      { value: UUID, text: `# ID_FS_UUID=${UUID}\n`, path: 'a.py' },
      { value: UUID, text: `# ID_TENANT=${UUID}\n`, path: 'a.py' },
    ],
    [
      'the largest numbers',
      'harmless',
      { value: '9223372036854775808', text: "nonce = or(nonce, '9223372036854775808');", path: 'a.js' },
      { value: '9223372036854775811', text: "nonce = or(nonce, '9223372036854775811');", path: 'a.js' },
    ],
    [
      'when a password is set',
      'harmless',
      { value: 'always', text: "if self.update_password == 'always':\n", path: 'a.py' },
      { value: 'always', text: "if self.password == 'always':\n", path: 'a.py' },
    ],
    [
      'addresses of the same machine',
      'harmless',
      { value: UUID, text: `'ws://127.0.0.1:9222/devtools/browser/${UUID}'` },
      { value: UUID, text: `'ws://10.1.0.12:9222/devtools/browser/${UUID}'` },
    ],
    [
      'tokens of badges',
      'harmless',
      { value: TOKEN, text: `https://codecov.io/gh/a/b/graph/badge.svg?token=${TOKEN}`, path: 'README.md' },
      { value: TOKEN, text: `https://codecov.io/gh/a/b/graph/report.csv?token=${TOKEN}`, path: 'README.md' },
    ],
    [
      'realms',
      'harmless',
      { value: 'Ph0tos77', text: 'Authorization: OAuth realm="Ph0tos77"', path: 'a.md' },
      { value: 'Ph0tos77', text: 'Authorization: OAuth token="Ph0tos77"', path: 'a.md' },
    ],
    [
      'large numbers',
      'harmless',
      { value: `0x${HEX}ff`, text: `n: BigInt("0x${HEX}ff")` },
      { value: `0x${HEX}ff`, text: `n: encode("0x${HEX}ff")` },
    ],
    [
      'devices in storage networks',
      'harmless',
      { value: UUID, text: `nqn.2014-08.org.nvmexpress:uuid:${UUID}`, path: 'a.log' },
      { value: UUID, text: `org.nvmexpress:uid:${UUID}`, path: 'a.log' },
    ],
    [
      'requests',
      'harmless',
      { value: UUID, text: `<RequestId>${UUID}</RequestId>`, path: 'a.xml' },
      { value: UUID, text: `<TenantId>${UUID}</TenantId>`, path: 'a.xml' },
    ],
    [
      'names of resources in an address',
      'harmless',
      { value: `3A${UUID}`, text: `https://host/arn%3Aaws%3Aservice%3Aupload%3A${UUID}/b`, path: 'a.xml' },
      { value: `3A${UUID}`, text: `https://host/arm%3Aaws%3Aservice%3Aupload%3A${UUID}/b`, path: 'a.xml' },
    ],
    [
      'names in compiled programs',
      'harmless',
      { value: TOKEN, text: `_RNvXs1_NtCspassword4core3fmt = ${TOKEN}`, path: 'a.map' },
      { value: TOKEN, text: `_passwordRNvXs1_NtCs4core3fmt = ${TOKEN}`, path: 'a.map' },
    ],
    [
      'tables of parsers',
      'harmless',
      { value: TOKEN, text: `tokenData:"${TOKEN}"`, path: 'a.js' },
      { value: TOKEN, text: `tokenDate:"${TOKEN}"`, path: 'a.js' },
    ],
    [
      'options in a sentence',
      'harmless',
      { value: '--disable-warning=FSTWRN004', text: 'Pass `--disable-warning=FSTWRN004` to the program', path: 'a.md' },
      { value: '-disable-warning=FSTWRN004', text: 'Pass `-disable-warning=FSTWRN004` to the program', path: 'a.md' },
    ],
    [
      'identifiers in files of examples, also of sessions',
      'harmless',
      { value: UUID, text: `"sessionId": "${UUID}"`, path: 'apis/apps.examples.json' },
      { value: UUID, text: `"clientSecret": "${UUID}"`, path: 'apis/apps.examples.json' },
    ],
    [
      'signs of a text that look like quotes',
      'harmless',
      { value: 'keffgnbmzql', text: 'const data = "fxpassword,lufwk`keffgnbmzql`hjkl"', path: 'a.js' },
      { value: 'keffgnbmzql', text: 'const data = "fxpassword,lufwk `keffgnbmzql` hjkl"', path: 'a.js' },
    ],
    [
      'types of declarations',
      'harmless',
      { value: 'SensitiveString2048', text: 'apiKey: SensitiveString2048;', path: 'clients/a.d.ts' },
      { value: 'SensitiveString2048', text: 'apiKey: SensitiveString2048;', path: 'clients/a.yml' },
    ],
    [
      'texts of a list',
      'harmless',
      { value: 'kerberos', text: '["none", "password", "kerberos"]', path: 'service.json' },
      { value: 'kerberos', text: '["run", "--password", "kerberos"]', path: 'service.json' },
    ],
    [
      'texts that are compared one after the other',
      'harmless',
      { value: 'curve25519', text: 'passphrase(a);"ed25519"!==e.curve&&"curve25519"!==e.curve', path: 'a.js' },
      { value: 'curve25519', text: 'passphrase(a);"curve25519"!==e.curve', path: 'a.js' },
    ],
  ])('%s', (_, label, yes, no) => {
    expect(verdictOn(yes)).toMatchObject({ label, probability: 0.01, decidedBy: 'filter' });
    expect(verdictOn(no)).toBeUndefined();
  });
});
