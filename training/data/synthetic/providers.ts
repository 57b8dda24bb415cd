import { fillExample } from '../../../src/rules/examples.ts';
import type { RuleSet } from '../../../src/rules/rule-set.ts';
import type { VerdictLabel } from '../../../src/types.ts';

/** A text that holds what a provider issues, or what stands for it: the marked value is whatever the rule finds there. */
export interface ProviderExample {
  template: string;
  rule: string;
  label: VerdictLabel;
  /** Anew for every `round`; its holes are filled by the rules' own filler. */
  text(round: string): string;
}

/** Examples that say themselves that they stand for something else; others of the harmless ones only miss the rule. */
const STANDS_FOR = /x{6,}|0{6,}|example|your|placeholder|changeme|<[a-z_ -]+>|\*{3,}/i;

/** The examples of every built-in rule, both ways, in order of rule. */
export function providerExamples(rules: RuleSet): readonly ProviderExample[] {
  return rules.rules.flatMap((rule) => {
    const { secret = [], harmless = [] } = rule.examples ?? {};
    const make = (label: VerdictLabel) => (text: string, i: number) => ({
      template: `${label}/provider/${rule.id}/${i}`,
      rule: rule.id,
      label,
      // The filler's random characters come from the text itself: a line in front that is dropped again changes them.
      text: (round: string) => fillExample(`${round}\n${text}`).slice(round.length + 1),
    });
    return [
      ...secret.map(make('secret')),
      ...harmless.filter((text) => STANDS_FOR.test(text)).map(make('placeholder')),
    ];
  });
}
