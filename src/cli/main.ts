import { tolerateClosedStreams } from './stdio.ts';

/**
 * Runs the command line, but for `hook run`, which starts on its own (`hook/main.ts`).
 * @param argv what stands behind the name of the program
 * @returns the exit code: 0 nothing found, 1 secrets found, 2 the job could not be done
 */
export async function main(argv: readonly string[]): Promise<number> {
  tolerateClosedStreams();
  try {
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv);
  } catch (error) {
    const { reportFailure } = await import('./failure.ts');
    return await reportFailure(error);
  }
}
