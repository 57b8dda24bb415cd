import { tolerateClosedStreams } from './stdio.ts';

/**
 * Runs the command line.
 * @param argv what stands behind the name of the program
 * @returns the exit code: 0 nothing found, 1 secrets found, 2 the job could not be done
 */
export async function main(argv: readonly string[]): Promise<number> {
  tolerateClosedStreams();
  try {
    // The hook runs at every commit: nothing that it does not use is loaded.
    if (argv[0] === 'hook' && argv[1] === 'run' && !argv.some((arg) => arg === '--help' || arg === '-h')) {
      const { hookRun } = await import('./hook/run.ts');
      return await hookRun(argv.slice(2));
    }
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv);
  } catch (error) {
    const { reportFailure } = await import('./failure.ts');
    return await reportFailure(error);
  }
}
