/** The ids of the rules that ship with the scanner. Reads all of them: asked for where a configuration names some. */
export async function ruleIds(): Promise<string[]> {
  const [{ builtinList }, { genericRules }] = await Promise.all([import('./builtin/index.ts'), import('./generic.ts')]);
  return [...builtinList.rules, ...genericRules].map(({ id }) => id);
}
