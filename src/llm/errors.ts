import { UserError } from '../util/errors.ts';

/** A large language model gave no usable answer. In plain words; never with what it was asked. */
export class LlmError extends UserError {
  override name = 'LlmError';
  /** To ask again may help. */
  readonly isTransient: boolean;

  constructor(message: string, options: { hint?: string; cause?: unknown; isTransient?: boolean } = {}) {
    super(message, options);
    this.isTransient = options.isTransient ?? false;
  }
}
