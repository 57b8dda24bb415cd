// The lines that the hook is measured on: made-up values under names of all sorts, assembled here, so that no file of the
// repository has them. Which of them the language model is asked about depends on the model; the benchmark chooses.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from './run.mjs';

const LOWER = 'abcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const HEX = '0123456789abcdef';
const WORDS = ['river', 'copper', 'lantern', 'maple', 'harbor', 'violet', 'summit', 'meadow', 'falcon', 'ember'];

let state = 20;
const below = (limit) => {
  state = (state * 48_271) % 2_147_483_647;
  return state % limit;
};
const of = (characters, length) => Array.from({ length }, () => characters[below(characters.length)]).join('');
const word = () => WORDS[below(WORDS.length)];
const mixed = (length) => of(LOWER + UPPER + DIGITS, length);
const plain = (length) => of(LOWER + DIGITS, length);

const pool = [
  ['session_key', plain(24)],
  ['build_token', mixed(20)],
  ['auth_key', `${word()}-${word()}-${of(DIGITS, 4)}`],
  ['secret_name', `${word()}-${word()}`],
  ['db_password', word()],
  ['admin_password', of(`${LOWER}${UPPER}${DIGITS}#!`, 16)],
  ['token', `${word()}_${plain(10)}`],
  ['license_key', [5, 5, 5].map((length) => of(UPPER + DIGITS, length)).join('-')],
  ['salt', of(HEX, 16)],
  ['revision', of(HEX, 40)],
  ['cache_key', `${word()}:${word()}:${of(DIGITS, 6)}`],
  ['api_key', plain(12)],
  ['client_secret', mixed(32)],
  ['passphrase', `${word()} ${word()} ${word()}`],
  ['access_key', of(UPPER + DIGITS, 20)],
  ['key', mixed(22)],
  ['user_id', [8, 4, 4, 4, 12].map((length) => of(HEX, length)).join('-')],
  ['public_key', mixed(44)],
  ['login', `${word()}${of(DIGITS, 3)}`],
  ['tracking_id', of(UPPER + DIGITS, 16)],
  ['password_hint', `${word()}${of(DIGITS, 3)}`],
  ['private_token', plain(8)],
  ['csrf_token', mixed(26)],
  ['master_key', `${word()}${word()}${of(DIGITS, 1)}`],
  ['default_password', `${word()}${of(DIGITS, 4)}`],
  ['secret', plain(10)],
  ['signature', mixed(43)],
].map(([name, value]) => `${name} = "${value}"`);

/** Far enough from each other that none is judged by its neighbours. */
const textOf = (lines) => `import os\n\n\n${lines.join('\n\n\n')}\n`;

/** What the scanner thinks of the candidates of a text. */
function explained(text) {
  const cwd = mkdtempSync(join(tmpdir(), 'sss-lines-'));
  writeFileSync(join(cwd, 'settings.py'), text);
  const args = [bin, 'explain', 'settings.py', '--format', 'json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  rmSync(cwd, { recursive: true });
  if (status !== 0) throw new Error(`sss explain ended with ${status}: ${stderr}`);
  return JSON.parse(stdout).candidates;
}

/**
 * A text with so many candidates, of which the language model is asked about `inBand`, and the gate alone about the others.
 * @throws where the model that is installed does not judge the lines in such a way
 */
export function textWith({ candidates, inBand }) {
  const judges = new Map(explained(textOf(pool)).map(({ line, decidedBy }) => [pool[(line - 4) / 3], decidedBy]));
  const judgedBy = (judge) => pool.filter((line) => judges.get(line) === judge);
  const [band, rest] = [judgedBy('model'), judgedBy('gate')];
  const lines = [...band.slice(0, inBand), ...rest.slice(0, candidates - inBand)];
  const text = textOf(lines);
  const found = explained(text);
  const asked = found.filter(({ decidedBy }) => decidedBy === 'model').length;
  if (found.length === candidates && asked === inBand) return text;
  throw new Error(
    `of ${pool.length} lines the language model judges ${band.length} and the gate ${rest.length}, and of those chosen ${asked} ` +
      `of ${found.length} go to the language model instead of ${inBand} of ${candidates}: is onnxruntime-node installed? ` +
      'Otherwise add lines to test/bench/hook-lines.mjs that this model judges in another way',
  );
}
