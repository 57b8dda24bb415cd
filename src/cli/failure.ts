import { EXIT, UserError } from '../util/errors.ts';
import { note, printable } from './stdio.ts';

/** What the user sees of an error: message and hint, or, for a bug, where it happened. Ends with a newline. */
export function describeFailure(error: unknown): string {
  if (error instanceof UserError) {
    return `error: ${printable(error.message)}\n${error.hint ? `hint: ${printable(error.hint)}\n` : ''}`;
  }
  if (isGone(error)) {
    return 'error: the current directory does not exist any more\nhint: change into a folder that is there: cd ..\n';
  }
  return `error: this is a bug in smart-secrets-scanner; please report it with the lines below\n${trace(error)}`;
}

/** Whether somebody has removed the folder that the program was started in. */
function isGone(error: unknown): boolean {
  const { code, syscall } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  return code === 'ENOENT' && syscall === 'uv_cwd';
}

/** Prints an error and returns the exit code for it. */
export async function reportFailure(error: unknown): Promise<number> {
  await note(describeFailure(error)).catch(() => {});
  return EXIT.failed;
}

/**
 * Class and stack of an error, without its message: messages quote what they choke on, and that may be a secret.
 * Errors of the operating system keep their code and path.
 */
function trace(error: unknown): string {
  if (!(error instanceof Error)) return `  ${typeof error}\n`;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const facts = [code, syscall, path].filter((fact) => typeof fact === 'string').join(' ');
  const frames = (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return printable(`  ${error.name}${facts ? `: ${facts}` : ''}\n${frames.join('\n')}\n`);
}
