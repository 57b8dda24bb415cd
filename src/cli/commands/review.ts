import type { Command } from 'commander';
import { type Finish, helpText } from '../help.ts';
import type { ReviewFlags } from '../review/setup.ts';
import {
  CONFIG_OPTION,
  DEVICE_OPTION,
  JUDGE_URL_OPTION,
  MAX_DEPTH_OPTION,
  MAX_FILE_SIZE_OPTION,
  MODEL_OPTION,
  NO_JUDGE_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';

/** Adds `review stage-a`, `review stage-b` and `review smoke`. */
export function addReviewCommand(program: Command, finish: Finish): void {
  const review = program
    .command('review')
    .summary('let a change pass or fail by several looks at it, and learn from corrections')
    .description(
      'Sums up files (stage A), and lets commits, pull requests or files pass or fail by votes on what might be a secret ' +
        '(stage B). All that comes of it is in a folder of its own, without any value.',
    );
  addStageA(review, finish);
  addStageB(review, finish);
  review
    .command('smoke')
    .summary('try every part of a review without a model')
    .description(
      'Reads configuration and guidance, and tries every part of a review on a made-up text, without a model.',
    )
    .option(...CONFIG_OPTION)
    .option('--guidance <file>', 'lines of guidance to read')
    .addHelpText('after', helpText(['sss review smoke']))
    .action(async (flags: ReviewFlags) => {
      const { runSmoke } = await import('../review/smoke.ts');
      finish(await runSmoke(flags));
    });
}

function addStageA(review: Command, finish: Finish): void {
  const command = review
    .command('stage-a')
    .summary('sum up each file: what it is, and what in it might be a secret')
    .description(
      'Writes summaries.jsonl, a line for each file: what it is, and its candidates with probabilities and reasons. What ' +
        'was stopped goes on where it was when it is run again.',
    )
    .argument('[paths...]', 'files and folders, instead of the repository or folder at hand')
    .optionsGroup('What to look at:')
    .option('--staged', 'what is staged')
    .option('--range <range>', 'what commits have added: main..HEAD')
    .option('--history', 'everything that was ever committed');
  common(command)
    .addHelpText(
      'after',
      `${helpText(['sss review stage-a', 'sss review stage-a --range origin/main..HEAD --mission pr-12'])}
Exit codes: 0 done, 2 the job could not be done, or something could not be read.
`,
    )
    .action(async (paths: string[], flags: ReviewFlags) => {
      const { runStageA } = await import('../review/stage-a.ts');
      finish(await runStageA(paths, flags));
    });
}

function addStageB(review: Command, finish: Finish): void {
  const command = review
    .command('stage-b')
    .summary('let tickets pass or fail')
    .description(
      'Judges tickets: votes on each candidate, selects, learns lines of guidance from tickets that a person has labelled, ' +
        'and writes verdicts.jsonl and report.md. Without options the tickets are the files of stage A.',
    )
    .optionsGroup('What to judge:')
    .option('--tickets <file>', 'a JSON object a line: {"id": "1", "kind": "commit", "ref": "HEAD"}')
    .option('--range <range>', 'one ticket, the commits of a pull request: origin/main..HEAD')
    .optionsGroup('How to vote:')
    .option('--judge <model>', 'a large language model that votes, too: ollama:MODEL or llama-cpp:FILE.gguf')
    .option(...JUDGE_URL_OPTION)
    .option(...NO_JUDGE_OPTION)
    .option('--seed <number>', 'of all that is drawn by chance')
    .option('--samples <number>', 'how often a large language model answers each prompt')
    .option('--guidance <file>', 'lines of guidance: .smart-secrets-scanner/guidance.jsonl')
    .option('--no-learn', 'add no lines to the guidance');
  common(command)
    .addHelpText(
      'after',
      `${helpText(['sss review stage-b --range origin/main..HEAD', 'sss review stage-b --tickets tickets.jsonl --mission march'])}
Exit codes: 0 all pass, 1 some fail, 2 the job could not be done.
`,
    )
    .action(async (flags: ReviewFlags) => {
      const { runStageB } = await import('../review/stage-b.ts');
      finish(await runStageB(flags));
    });
}

function common(command: Command): Command {
  return command
    .optionsGroup('Where to write:')
    .option('--mission <name>', 'folder below .smart-secrets-scanner/reviews', 'default')
    .option('--out <folder>', 'this folder instead')
    .option('--force', 'bring a mission up to date that is done, or make it anew where it is damaged')
    .optionsGroup('How to judge:')
    .option(...CONFIG_OPTION)
    .option(...presetOption('calling it a secret'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...MAX_FILE_SIZE_OPTION)
    .option(...MAX_DEPTH_OPTION)
    .option('--quiet', 'nothing but verdicts and errors')
    .optionsGroup('Help:');
}
