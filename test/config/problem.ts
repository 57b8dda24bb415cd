import { expect } from 'vitest';
import { UserError } from '../../src/util/errors.ts';

/** Message and hint of the error that `work` must end with. */
export async function problem(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message, hint } = error as UserError;
  return hint ? `${message} | ${hint}` : message;
}
