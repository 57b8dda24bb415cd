import { UserError } from '../util/errors.ts';
import type { LanguageModel } from './language-model.ts';
import { MODEL_FILES, type ModelFolder, modelFile } from './model-folder.ts';
import { gateOf, scoutOf, teamOf } from './open-model.ts';

/** One thing that was looked at in a model folder. */
export interface Check {
  /** Of what, in words. */
  what: string;
  ok: boolean;
  /** It was not looked at, for a reason that is no fault of the model. */
  leftOut?: true;
  /** What is wrong, what was found, or why it was not looked at. */
  detail: string;
}

/** Prompts that are hard on a tokenizer: escapes, blanks, long runs, other alphabets. */
const SAMPLES: readonly string[] = [
  'path: src/app.yml (config)\nrule: generic-password, assignment\nname: db_password (password)\nline: db_password = "«»"\nvalue: Summer2024!\nverdict:',
  'path: a/b/c.min.js (code minified)\nname: (none)\nvalue: 0f8fad5b-…-70867728950e\nverdict:',
  'line:   x  =   «»\\n\\t\\x1b[0m\nvalue: \\u202e…\nverdict:',
  'value: 密码是什么呢 пароль contraseña 😀😀\nverdict:',
  `value: ${'Zx9/'.repeat(10)}…=+/-_.,;:!?\nverdict: secret placeholder harmless`,
];

/**
 * Looks at everything in a model folder: its files against the card, whether they can be used, whether the tokenizer makes
 * of text what the reference implementation makes of it (where that is installed), and whether the network answers, the same every time.
 * @returns every check, in order; what depends on a failed one is left out
 */
export async function verifyModel(folder: ModelFolder): Promise<Check[]> {
  const { card } = folder;
  const checks: Check[] = [];
  const check = async (what: string, work: () => Promise<string>): Promise<boolean> => {
    try {
      checks.push({ what, ok: true, detail: await work() });
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof NotHere) {
        checks.push({ what, ok: true, leftOut: true, detail: message });
        return false;
      }
      if (!(error instanceof UserError || error instanceof Mismatch)) {
        checks.push({ what, ok: false, detail: `cannot be checked on this machine: ${message.split('\n')[0]}` });
      } else checks.push({ what, ok: false, detail: message });
      return false;
    }
  };

  const wanted: string[] = [MODEL_FILES.gate];
  if (card.languageModel) wanted.push(MODEL_FILES.network, MODEL_FILES.tokenizer, MODEL_FILES.tokenizerConfig);
  for (const name of new Set([...wanted, ...Object.keys(card.files)])) {
    await check(name, async () => `${(await folder.read(name)).length} bytes, as the card says`);
  }
  const isWhole = (names: readonly string[]) => checks.every(({ what, ok }) => ok || !names.includes(what));
  if (isWhole([MODEL_FILES.gate])) {
    await check('gate', async () => {
      const { secret } = await gateOf(folder);
      return `${secret.roots.length} trees`;
    });
  }
  if (isWhole([MODEL_FILES.scout])) {
    await check('scout', async () => {
      const scout = await scoutOf(folder);
      return scout ? `${scout.forest.roots.length} trees` : 'none: every candidate is judged in full';
    });
  }
  if (isWhole([MODEL_FILES.team]) && Object.hasOwn(card.files, MODEL_FILES.team)) {
    await check('team', async () => `${(await teamOf(folder))!.forest.roots.length} trees`);
  }
  if (!card.languageModel || !isWhole(wanted)) return checks;

  let model: LanguageModel | undefined;
  const loaded = await check('language model', async () => {
    const { loadLanguageModel, NoRuntime } = await import('./language-model.ts');
    try {
      model = await loadLanguageModel({ folder, device: 'cpu' });
    } catch (error) {
      if (!(error instanceof NoRuntime)) throw error;
      throw new NotHere(`not asked, as the package onnxruntime-node cannot be used here (${error.message})`);
    }
    return 'loads on the CPU';
  });
  if (!loaded || !model) return checks;
  await check('tokenizer', () => compareTokenizers(folder, model!));
  await check('answers', () => askTwice(model!));
  return checks;
}

class Mismatch extends Error {
  override name = 'Mismatch';
}

/** What the check needs is not on this machine. */
class NotHere extends Error {
  override name = 'NotHere';
}

/** Not a dependency of the scanner: half a gigabyte, for this one comparison. */
async function loadReference() {
  try {
    return await import('@huggingface/transformers');
  } catch {
    throw new NotHere('not compared, as the reference, the package @huggingface/transformers, is not installed');
  }
}

/** The light tokenizer against the reference: a difference of one token is another prompt. */
async function compareTokenizers(folder: ModelFolder, model: LanguageModel): Promise<string> {
  const { AutoTokenizer, env } = await loadReference();
  const { basename, dirname, resolve, sep } = await import('node:path');
  const path = dirname(resolve(modelFile(folder, MODEL_FILES.tokenizer)));
  env.allowRemoteModels = false;
  env.localModelPath = dirname(path) + sep;
  const reference = await AutoTokenizer.from_pretrained(basename(path), { local_files_only: true });
  for (const [i, text] of SAMPLES.entries()) {
    if (reference.encode(text).join() !== model.encode(text).join()) {
      throw new Mismatch(`sample ${i + 1} of ${SAMPLES.length} is read in another way by the reference tokenizer`);
    }
  }
  return `${SAMPLES.length} samples are read as the reference tokenizer reads them`;
}

async function askTwice(model: LanguageModel): Promise<string> {
  const ask = async (texts: readonly string[]) => {
    const answers: string[] = [];
    for (const text of texts) answers.push((await model.logits(text)).join());
    return answers;
  };
  const first = await ask(SAMPLES);
  const again = await ask([...SAMPLES].reverse());
  if (first.join('\n') !== again.reverse().join('\n')) throw new Mismatch('the same prompt was answered in two ways');
  return `${SAMPLES.length} samples, the same answers in another order`;
}
