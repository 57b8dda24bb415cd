import { randomOf } from '../../training/data/random.ts';
import { SECRET_TEMPLATES } from '../../training/data/synthetic/secrets.ts';
import { fillTemplate, type Row, type Template, templatesOf } from '../../training/data/synthetic/template.ts';

/** Ways of a made-up team: what it writes that looks like a secret and is none, and where its own secrets are. */
export interface Team {
  name: string;
  habits: readonly Template[];
  secrets: readonly Template[];
}

/** A file of a made-up repository. `secrets`: where the planted ones are, UTF-16 code units. */
export interface MadeFile {
  path: string;
  text: string;
  secrets: readonly (readonly [start: number, end: number])[];
}

const team = (name: string, habits: readonly Row[], secrets: readonly Row[]): Team => ({
  name,
  habits: templatesOf('harmless', habits),
  secrets: templatesOf('secret', secrets),
});

/** Teams of other languages and habits each. Of each pair of lines that look alike one is harmless, one a secret. */
export const TEAMS: readonly Team[] = [
  // A shop with a web application: public tokens of tenants, passwords of fixtures, tokens of recorded answers.
  team(
    'web shop',
    [
      ['tenant-ts', 'packages/<<word>>/src/tenants/<<project>>.ts', "  tenantToken: '<<value>>',", 'base62'],
      ['tenant-json', 'apps/<<word>>/tenants.json', '    "tenantToken": "<<value>>",', 'base62'],
      ['fixture', 'packages/<<word>>/test/fixtures/<<given>>.json', '  "password": "<<value>>",', 'mild-human'],
      [
        'cypress',
        'apps/<<word>>/cypress/support/<<project>>.ts',
        "  cy.login('<<given>>', { password: '<<value>>' });",
        'mild-human',
      ],
      [
        'recording',
        'packages/<<word>>/test/recordings/<<project>>.json',
        '      "access_token": "<<value>>",',
        'base64url',
      ],
      ['flag', 'apps/<<word>>/flags.yml', '  sdkKey: <<value>>', 'hex32'],
    ],
    [
      ['session', 'apps/<<word>>/server/<<project>>.ts', "  sessionSecret: '<<value>>',", 'base62'],
      ['database', 'apps/<<word>>/deploy/production.json', '    "password": "<<value>>",', 'any-password'],
      ['token', 'packages/<<word>>/src/clients/<<project>>.ts', "  accessToken: '<<value>>',", 'base64url'],
      ['key', 'apps/<<word>>/deploy/<<project>>.yml', '  apiKey: <<value>>', 'hex32'],
    ],
  ),
  // Services in Python and Go: keys that name things, local databases, golden files of signatures.
  team(
    'services',
    [
      ['idempotency', 'services/<<word>>/tests/test_<<project>>.py', '    idempotency_key = "<<value>>"', 'uuid'],
      ['routing', 'services/<<word>>/config/routing.yaml', '  routing_key: <<value>>', 'hex40'],
      ['local', 'services/<<word>>/dev/docker-compose.yml', '      POSTGRES_PASSWORD: <<value>>', 'mild-human'],
      ['golden', 'services/<<word>>/testdata/<<project>>_golden.go', '\tsigningSecret: "<<value>>",', 'hex64'],
      [
        'cassette',
        'services/<<word>>/tests/cassettes/<<project>>.yaml',
        '      Authorization: Bearer <<value>>',
        'base64url',
      ],
      ['build', 'services/<<word>>/build/<<project>>.toml', 'cache_token = "<<value>>"', 'hex32'],
    ],
    [
      ['database', 'services/<<word>>/deploy/<<project>>.yaml', '  DB_PASSWORD: "<<value>>"', 'any-password'],
      ['signing', 'services/<<word>>/internal/<<project>>.go', '\tsigningSecret := "<<value>>"', 'hex64'],
      [
        'auth',
        'services/<<word>>/scripts/<<project>>.sh',
        'curl -H "Authorization: Bearer <<value>>" https://<<host>>/',
        'base64url',
      ],
      ['python', 'services/<<word>>/settings/<<project>>.py', 'SECRET_KEY = "<<value>>"', 'secret-key'],
    ],
  ),
  // Java and PHP: values that are encrypted at rest, licence keys of the open edition, users of demonstrations.
  team(
    'enterprise',
    [
      ['sealed', '<<word>>/src/main/resources/<<project>>.properties', 'sealed.password=<<value>>', 'base64'],
      [
        'licence',
        '<<word>>/src/main/java/<<Word>>Edition.java',
        '    static final String COMMUNITY_KEY = "<<value>>";',
        'upper-digits',
      ],
      [
        'demo',
        '<<word>>/demo/<<Word>>Users.java',
        '        users.add(new User("<<given>>", "<<value>>")); // password',
        'mild-human',
      ],
      [
        'demo-php',
        '<<word>>/database/seeds/<<Word>>Seeder.php',
        "            'password' => '<<value>>',",
        'mild-human',
      ],
      ['nonce', '<<word>>/src/test/java/<<Word>>Test.java', '        String authToken = "<<value>>";', 'base62'],
      [
        'pairing',
        '<<word>>/src/test/resources/<<project>>.xml',
        '    <pairingSecret><<value>></pairingSecret>',
        'hex32',
      ],
    ],
    [
      [
        'datasource',
        '<<word>>/src/main/resources/<<project>>-prod.properties',
        'spring.datasource.password=<<value>>',
        'mild-password',
      ],
      [
        'java',
        '<<word>>/src/main/java/<<Word>>Client.java',
        '    private static final String API_SECRET = "<<value>>";',
        'base62',
      ],
      ['php', '<<word>>/config/<<project>>.php', "    'password' => '<<value>>',", 'any-password'],
      ['xml', '<<word>>/conf/<<project>>.xml', '    <clientSecret><<value>></clientSecret>', 'hex32'],
    ],
  ),
  // An app with its backend: keys of published clients, seeds of tests, scrambled samples. Settings were chosen without it.
  team(
    'mobile app',
    [
      ['client', 'app/src/<<word>>/config/<<Word>>Config.kt', '    const val CLIENT_KEY = "<<value>>"', 'base62'],
      ['plist', 'ios/<<word>>/<<Word>>-Info.plist', '\t<key>ClientToken</key>\n\t<string><<value>></string>', 'hex32'],
      ['seed', 'app/src/test/<<word>>/<<Word>>Test.kt', '        val password = "<<value>>"', 'mild-human'],
      ['sample', 'backend/<<word>>/samples/<<project>>.json', '  "refresh_token": "<<value>>",', 'base64url'],
      ['story', 'app/stories/<<word>>.dart', "    authToken: '<<value>>',", 'lower-digits'],
      [
        'migration',
        'backend/<<word>>/migrations/<<n>>_<<project>>.sql',
        "INSERT INTO users (name, password) VALUES ('<<given>>', '<<value>>');",
        'mild-human',
      ],
    ],
    [
      ['keystore', 'app/<<word>>/gradle.properties', 'RELEASE_STORE_PASSWORD=<<value>>', 'mild-password'],
      ['backend', 'backend/<<word>>/src/<<project>>.dart', "  final apiToken = '<<value>>';", 'lower-digits'],
      ['push', 'backend/<<word>>/config/<<project>>.json', '  "push_secret": "<<value>>",', 'base64url'],
      ['kotlin', 'app/src/<<word>>/net/<<Word>>Api.kt', '    private val clientSecret = "<<value>>"', 'base62'],
    ],
  ),
];

/** A repository of a team: files with its habits, its own secrets and secrets as anybody has them. The same seed gives the same. */
export function madeRepository(input: { team: Team; seed: string; habits?: number; secrets?: number }): MadeFile[] {
  const { team: of, seed, habits = 60, secrets = 12 } = input;
  const random = randomOf(`${seed}:${of.name}`);
  // No repository has all habits alike.
  const own = of.habits.filter(() => random.chance(0.85));
  const wanted = [
    ...Array.from({ length: habits }, () => random.pick(own.length > 0 ? own : of.habits)),
    ...Array.from({ length: secrets }, () => random.pick(of.secrets)),
    ...Array.from({ length: secrets }, () => random.pick(SECRET_TEMPLATES)),
  ];
  const files = new Map<string, MadeFile>();
  for (const template of wanted) {
    const { path, text, start, end, label } = fillTemplate(template, random);
    const before = files.get(path) ?? { path, text: '', secrets: [] };
    const at = before.text.length;
    const span = label === 'secret' ? [[at + start, at + end] as const] : [];
    files.set(path, { path, text: before.text + text, secrets: [...before.secrets, ...span] });
  }
  return [...files.values()];
}
