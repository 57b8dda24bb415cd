import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { Config } from '../../types.ts';
import { milliseconds } from '../../util/clock.ts';
import { limitsOf } from '../settings.ts';
import { type Check, note, ok, problem } from './check.ts';

/** The model: every file of it, and that it answers. */
export async function checkModel({ model }: Pick<Config, 'model'>): Promise<Check[]> {
  const [{ openModelFolder }, { verifyModel }] = await Promise.all([
    import('../../classify/model-folder.ts'),
    import('../../classify/verify-model.ts'),
  ]);
  const folder = await openModelFolder({ dir: model });
  const checks = await verifyModel(folder);
  const wrong = checks.filter(({ ok }) => !ok);
  const mend = folder.problem('').hint ?? 'sss model verify';
  if (wrong.length > 0) return wrong.map(({ detail }) => problem('model', detail, mend));
  const count = checks.filter(({ leftOut }) => !leftOut).length;
  return [ok('model', `${folder.card.name} in ${folder.dir}: whole, ${count} checks`)];
}

/** Where the language model runs: opened, not asked of a list. */
export async function checkDevice({ model, device = 'auto' }: Pick<Config, 'model' | 'device'>): Promise<Check[]> {
  const [{ openModelFolder }, { loadLanguageModel, NoRuntime }] = await Promise.all([
    import('../../classify/model-folder.ts'),
    import('../../classify/language-model.ts'),
  ]);
  const folder = await openModelFolder({ dir: model });
  if (!folder.card.languageModel) return [note('device', 'none needed: the model has no language model')];
  try {
    const opened = await loadLanguageModel({ folder, device });
    if (opened.warning !== undefined) {
      return [problem('device', opened.warning, 'device = "auto" or "cpu" in the configuration, or mend CUDA')];
    }
    return [ok('device', `${opened.device} (asked for: ${device})`)];
  } catch (error) {
    if (!(error instanceof NoRuntime)) throw error;
    const says = `the language model cannot run, so the gate judges alone: ${error.message}`;
    // An optional dependency that was left out is no fault; one that is there and does not work is.
    if (!isInstalled('onnxruntime-node')) return [note('device', `${says} (npm install onnxruntime-node)`)];
    return [problem('device', says, 'npm rebuild onnxruntime-node, or npm uninstall it to go without')];
  }
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** A small scan, from the start of the judge to its verdict. */
export async function checkScan(config: Config): Promise<Check[]> {
  const [{ scan }, { stdinSource }] = await Promise.all([import('../../scan.ts'), import('../../sources/index.ts')]);
  const started = milliseconds();
  // No text of a program looks like a secret; this one is put together.
  const text = `smtp_password = "${['x7Kq', 'V2mz', 'R9tB', '4wLp'].join('!')}"\n`;
  const source = await stdinSource({ filename: 'mail.py', ...limitsOf(config), input: Readable.from([text]) });
  const { allow: _, folders: __, ...rest } = config;
  const { findings, notes } = await scan({ source, config: { ...rest, allow: [] }, threads: 1 });
  const took = `${Math.round(milliseconds() - started)} ms`;
  const isOff = config.disabledRules.length > 0 || !config.useBuiltinRules;
  if (findings.length === 1 || isOff)
    return [ok('scan', `a line with a password is judged in ${took}`), ...notes.map((said) => note('scan', said))];
  return [
    problem(
      'scan',
      `a line with a password in it is not reported (${took})`,
      'sss model verify, or install the scanner again',
    ),
  ];
}
