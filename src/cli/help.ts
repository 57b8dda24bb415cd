/** Called by a command with its exit code. */
export type Finish = (code: number) => void;

/** The `Examples:` part of a help text. */
export function helpText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}\n`;
}
