import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { UserError } from '../../util/errors.ts';
import { packageFolder } from '../../util/package-folder.ts';
import { type Finish, helpText } from '../help.ts';
import { interruptible } from '../interrupt.ts';

/** What the bundle of the training exports: `train` of training/pipeline/main.ts. */
interface TrainModule {
  train(input: { options: object; cwd: string; signal: AbortSignal }): Promise<number>;
}

/** Adds `train`. */
export function addTrainCommand(program: Command, finish: Finish): void {
  program
    .command('train')
    .summary('make a model: the whole training, step by step')
    .description(
      'Makes the model that the scanner uses, step by step. What is up to date is skipped; a run that was stopped goes on ' +
        'where it was. Needs Python for some steps, and makes an environment for it.',
    )
    .optionsGroup('What to run:')
    .option('--target-step <step>', 'only this step and what it needs')
    .option('--from <step>', 'run this step again, and what comes after it')
    .option('--synthetic', 'on generated data, as small as can be: shows in minutes that all steps work')
    .option('--dry-run', 'say what would be run and why')
    .optionsGroup('Where:')
    .option('--run-id <name>', 'name of the run (default: by the configuration, so that the same one goes on)')
    .option('--artifact-root <dir>', 'folder of the runs', 'runs')
    .optionsGroup('How:')
    .option('--config <file>', 'settings to change, in YAML (see training/config/default.yaml)')
    .option('--base <dir-or-hub-id>', 'Llama- or Qwen-style base to fine-tune instead of one that is trained here')
    .option('--epochs <n>', 'passes over the data in fine_tune', wholeNumber)
    .option('--batch-size <n>', 'examples in a batch of fine_tune', wholeNumber)
    .option('--learning-rate <rate>', 'learning rate of fine_tune', positiveNumber)
    .option('--seed <n>', 'seed of everything that is drawn', wholeNumber)
    .option('--quantize <kinds...>', 'make GGUF files of these kinds (default: Q4_K_M Q8_0)')
    .option('--shipped', 'make GGUF files of the model that ships with the scanner; nothing is trained')
    .optionsGroup('Learning from decisions (needs no Python, but for --adapter):')
    .option('--feedback [files...]', 'learn from your own decisions: those of this clone, or those in the files')
    .option('--adapter', 'fit the language model as well, to decisions whose prompts were kept (needs Python)')
    .option('--name <name>', 'name of the model that is learned (default: team)')
    .option('--models-dir <dir>', 'folder to keep it in (default: inside .git, for this clone alone)')
    .option('--model <folder>', 'model to learn on top of, instead of the one that ships with the scanner')
    .optionsGroup('Python:')
    .option('--python <path>', 'Python to use (SSS_TRAIN_PYTHON does the same)')
    .option('--recreate', 'throw the Python environment away and make it anew')
    .option('--staged', 'say each stage of the set-up of Python, and stop at the first that fails')
    .optionsGroup('Help:')
    .addHelpText(
      'after',
      `${helpText([
        'sss train',
        'sss train --synthetic',
        'sss train --dry-run --target-step evaluate',
        'sss train --target-step setup_env --recreate --staged',
        'sss train --base ./my-base --epochs 2',
        'sss train --shipped --target-step create_modelfile --quantize Q8_0',
        'sss train --feedback',
        'sss train --feedback --adapter',
        'sss train --feedback ada.jsonl bob.jsonl --models-dir .sss-models --name shop',
      ])}
Exit codes: 0 done, 2 the job could not be done, 130 stopped (the same command goes on).
`,
    )
    .action(async (options: object) => {
      const module = await loadTraining();
      finish(await interruptible((signal) => module.train({ options, cwd: process.cwd(), signal })));
    });
}

/** The training is a bundle of its own: nothing else of the program is to know it. */
async function loadTraining(): Promise<TrainModule> {
  const path = join(packageFolder(), 'dist', 'train.js');
  if (!existsSync(path)) {
    throw new UserError('the training is not part of this installation: dist/train.js is missing', {
      hint: 'install the package again, or run `npm run build` in a clone',
    });
  }
  return (await import(pathToFileURL(path).href)) as TrainModule;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}
