import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LlmError } from './errors.ts';

/** A token of a vocabulary. */
export type Token = number;

/** What is used of `node-llama-cpp`, which is installed by those who want it and by nobody else. */
export interface LlamaPackage {
  getLlama(options: Record<string, unknown>): Promise<Llama>;
  LlamaLogLevel: { disabled: unknown };
  LlamaChatSession: new (options: { contextSequence: Sequence; autoDisposeSequence: boolean }) => ChatSession;
}

/** What is used of the package, as far as it matters here. */
export interface Llama {
  loadModel(options: Record<string, unknown>): Promise<Model>;
  createGrammarForJsonSchema(schema: unknown): Promise<unknown>;
  dispose(): Promise<void>;
}

/** A file of weights that is loaded. */
export interface Model {
  fileInfo: { metadata: Record<string, unknown> };
  tokens: { bos: Token | null; shouldPrependBosToken: boolean };
  tokenizer: unknown;
  /** Tokens that it was made to read. */
  trainContextSize: number;
  tokenize(text: string, specialTokens?: boolean): Token[];
  createContext(options: Record<string, unknown>): Promise<{ getSequence(): Sequence }>;
}

export interface Sequence {
  /** Where the next token goes. */
  nextTokenIndex: number;
  clearHistory(): Promise<void>;
  adaptStateToTokens(tokens: readonly Token[], allowShift: boolean): Promise<void>;
  controlledEvaluate(
    input: readonly (Token | [Token, unknown])[],
  ): Promise<({ next?: { probabilities?: Map<Token, number> } } | undefined)[]>;
}

export interface ChatSession {
  chatWrapper: {
    generateContextState(options: { chatHistory: unknown[] }): { contextText: { tokenize(by: unknown): Token[] } };
  };
  setChatHistory(history: unknown[]): void;
  prompt(text: string, options: Record<string, unknown>): Promise<string>;
  dispose(options?: { disposeSequence?: boolean }): void;
}

/**
 * Loads `node-llama-cpp`, that beside the scanner first.
 * @param input.folder may have one as well
 * @throws LlmError where there is none
 */
export async function loadLlamaPackage({ folder }: { folder: string | undefined }): Promise<LlamaPackage> {
  const from = [import.meta.url, ...(folder === undefined ? [] : [join(folder, 'package.json')])];
  const file = from.map(resolved).find((found) => found !== undefined);
  if (file === undefined) {
    throw new LlmError('node-llama-cpp, which runs GGUF files, is not installed', {
      hint: 'npm install --save-dev node-llama-cpp (or ask a server: --judge ollama)',
    });
  }
  try {
    return (await import(pathToFileURL(file).href)) as LlamaPackage;
  } catch (cause) {
    throw new LlmError('node-llama-cpp cannot be loaded', {
      hint: 'install it again: npm install node-llama-cpp',
      cause,
    });
  }
}

function resolved(from: string): string | undefined {
  try {
    return createRequire(from).resolve('node-llama-cpp');
  } catch {
    return undefined;
  }
}
