/** Made-up candidates of many shapes, none of them ever issued. Texts with holes, see `src/rules/examples.ts`. */
export interface ParityCase {
  id: string;
  path: string;
  /** `«` and `»` stand round the value that is looked at; they are taken out. */
  text: string;
}

export const PARITY_CASES: readonly ParityCase[] = [
  { id: 'chosen-password', path: 'config/database.yml', text: 'production:\n  db_password: «River{{digit:2}}Stone»\n' },
  { id: 'example-value', path: 'docs/install.md', text: 'Set `API_KEY="«your-api-key-here»"` first.\n' },
  { id: 'random-key', path: 'web/src/weather.js', text: "const client = { apiKey: '«{{lownum:32}}»', units: 'm' };\n" },
  { id: 'translation', path: 'locales/de.json', text: '{\n  "password": "«Passwort eingeben»",\n  "ok": "OK"\n}\n' },
  { id: 'digest', path: 'scripts/get.sh', text: 'sha256_token=«{{hex:64}}»\n' },
  { id: 'uuid', path: 'test/fixtures/app.json', text: '{"client_secret": "«{{uuid}}»", "id": "{{uuid}}"}\n' },
  { id: 'long-base64', path: 'deploy/app.env', text: 'SIGNING_KEY=«{{base64:86}}==»\n' },
  { id: 'connection', path: 'app/settings.py', text: 'URL = "postgres://app:«k{{lownum:11}}»@db.internal/app"\n' },
  { id: 'reference', path: 'src/login.ts', text: "login({ user, password: «form.password.value», otp: 'x' });\n" },
  { id: 'other-script', path: 'src/München/ünicode.py', text: "# 😀 ключ\npassword = '«Grüße-🔑-{{digit:3}}»'\n" },
  { id: 'key-set', path: 'keys/set.json', text: '{"kty": "oct", "use": "sig", "secret": "«{{base64url:43}}»"}\n' },
  { id: 'command', path: 'README.md', text: '    curl -u admin:«{{alnum:10}}» https://example.com/api\n' },
];
