import { hookRun } from './run.ts';

/**
 * `hook run`, in a bundle of its own: one file is loaded in half the time of the forty that it is made of.
 * @param argv what stands behind the name of the program
 * @returns the exit code: see {@link hookRun}
 */
export function main(argv: readonly string[]): Promise<number> {
  return hookRun(argv.slice(2));
}
