import { UserError } from '../util/errors.ts';

/** A large language model, as a user names it. */
export type LlmSpec = { kind: 'ollama'; model: string } | { kind: 'llama-cpp'; file: string | undefined };

/** What our own model is called in its files, and unless told by Ollama. */
export const OWN_NAME = 'smart-secrets-scanner';

/**
 * Reads `ollama`, `ollama:MODEL`, `llama-cpp` and `llama-cpp:FILE`.
 * @throws UserError for anything else
 */
export function parseSpec(text: string): LlmSpec {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? undefined : text.slice(colon + 1);
  if (rest === '' || rest?.includes('\0')) throw new UserError(`the judge is named in half: ${text}`, { hint: HINT });
  if (kind === 'ollama') {
    const model = rest ?? OWN_NAME;
    if (/^[\w][\w./:@-]{0,199}$/.test(model)) return { kind, model };
    throw new UserError(`not the name of a model: ${model}`, { hint: 'ollama list shows those that are there' });
  }
  if (kind === 'llama-cpp') return { kind, file: rest };
  throw new UserError(`unknown judge: ${text}`, { hint: HINT });
}

const HINT = 'judges are ollama, ollama:MODEL and llama-cpp:FILE.gguf';
