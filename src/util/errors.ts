/** Exit codes of every command. */
export const EXIT = { clean: 0, findings: 1, failed: 2 } as const;

/** An error that the user can do something about: shown as message and hint, without a stack, exit code 2. */
export class UserError extends Error {
  override name = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}
