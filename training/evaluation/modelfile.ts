import { answerOf, MAX_TOKENS, PROMPT_VERSION, VERDICT_WORDS } from '../../src/classify/prompt.ts';

/** What a Modelfile says. */
export interface ModelfileFacts {
  /** Of the weights. */
  version: string;
  /** File names of the quantized models beside it, the one to run first. */
  files: readonly string[];
  /** Tokens of the longest answer. */
  longest: number;
  /** Texts that end an answer besides a new line: the end-of-text token. */
  stops: readonly string[];
  /** Text of the licence; undefined: unknown. */
  licence: string | undefined;
}

/** llama.cpp rounds a context up to a multiple of this. */
const CONTEXT_STEP = 256;

/**
 * The Modelfile of a model that reads the scanner's prompts as they are. Penalties are off: a word in the prompt would else
 * be held against the same word as the answer.
 */
export function modelfileText(facts: ModelfileFacts): string {
  const { version, files, longest, stops, licence } = facts;
  const [file, ...others] = files;
  const context = Math.ceil((MAX_TOKENS + longest) / CONTEXT_STEP) * CONTEXT_STEP;
  const lines = [
    `# smart-secrets-scanner, ${version.replaceAll('\n', ' ')}`,
    '#   ollama create smart-secrets-scanner -f Modelfile',
    '#   ollama run smart-secrets-scanner "$(cat prompt.txt)"',
    ...(others.length > 0 ? [`# Smaller, and less exact: ${others.join(', ')}`] : []),
    `FROM ./${file}`,
    '',
    '# It was fitted on prompts alone, so nothing is put around them; the system prompt is for whoever reads this.',
    'TEMPLATE """{{ .Prompt }}"""',
    `SYSTEM """${systemPrompt()}"""`,
    '',
    'PARAMETER temperature 0',
    'PARAMETER seed 0',
    `PARAMETER num_ctx ${context}`,
    `PARAMETER num_predict ${longest}`,
    'PARAMETER repeat_penalty 1',
    'PARAMETER repeat_last_n 0',
    // Ollama knows no escapes: what is between the quotes counts as it is.
    ...['\n', ...stops].map((stop) => `PARAMETER stop "${stop}"`),
    ...(licence === undefined ? [] : ['', `LICENSE """${licence.replaceAll('"""', "'''").trim()}"""`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the model does, in words. */
function systemPrompt(): string {
  const answers = VERDICT_WORDS.map((word) => answerOf(word).trim());
  const list = `${answers.slice(0, -1).join(', ')} or ${answers.at(-1)}`;
  return `Judges a string that smart-secrets-scanner found in a file. Reads one of its prompts (version ${PROMPT_VERSION}), and answers with one word: ${list}.`;
}
