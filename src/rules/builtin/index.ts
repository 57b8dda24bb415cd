import type { Rule } from '../../types.ts';
import { requiredRun } from '../required-run.ts';
import { listRules, type RuleList } from '../rule-list.ts';
import { aiRules } from './ai.ts';
import { aiERules } from './ai-e.ts';
import { awsRules } from './aws.ts';
import { azureRules } from './azure.ts';
import { cloudARules } from './cloud-a.ts';
import { cloudERules } from './cloud-e.ts';
import { cloudORules } from './cloud-o.ts';
import { commandsRules } from './commands.ts';
import { companions } from './companions.ts';
import { developerARules } from './developer-a.ts';
import { developerToolsRules } from './developer-tools.ts';
import { discordRules } from './discord.ts';
import { filesRules } from './files.ts';
import { googleRules } from './google.ts';
import { hashicorpRules } from './hashicorp.ts';
import { ibmRules } from './ibm.ts';
import { identityRules } from './identity.ts';
import { kubernetesRules } from './kubernetes.ts';
import { mailRules } from './mail.ts';
import { messagingRules } from './messaging.ts';
import { monitoringRules } from './monitoring.ts';
import { observabilityRules } from './observability.ts';
import { packagesRules } from './packages.ts';
import { paymentsRules } from './payments.ts';
import { paymentsERules } from './payments-e.ts';
import { privateKeysRules } from './private-keys.ts';
import { servicesARules } from './services-a.ts';
import { servicesCRules } from './services-c.ts';
import { servicesERules } from './services-e.ts';
import { servicesIRules } from './services-i.ts';
import { servicesMRules } from './services-m.ts';
import { servicesORules } from './services-o.ts';
import { servicesSRules } from './services-s.ts';
import { slackRules } from './slack.ts';
import { socialERules } from './social-e.ts';
import { sourceHostingRules } from './source-hosting.ts';
import { specialKeysRules } from './special-keys.ts';
import { tokensARules } from './tokens-a.ts';
import { tokensMRules } from './tokens-m.ts';
import { walletsRules } from './wallets.ts';
import { webhooksRules } from './webhooks.ts';

/** All rules that ship with the scanner, sorted by id. */
export const builtinRules: readonly Rule[] = [
  ...aiERules,
  ...aiRules,
  ...awsRules,
  ...azureRules,
  ...cloudARules,
  ...cloudERules,
  ...cloudORules,
  ...commandsRules,
  ...developerARules,
  ...developerToolsRules,
  ...discordRules,
  ...filesRules,
  ...googleRules,
  ...hashicorpRules,
  ...ibmRules,
  ...identityRules,
  ...kubernetesRules,
  ...mailRules,
  ...messagingRules,
  ...monitoringRules,
  ...observabilityRules,
  ...packagesRules,
  ...paymentsERules,
  ...paymentsRules,
  ...privateKeysRules,
  ...servicesARules,
  ...servicesCRules,
  ...servicesERules,
  ...servicesIRules,
  ...servicesMRules,
  ...servicesORules,
  ...servicesSRules,
  ...slackRules,
  ...socialERules,
  ...sourceHostingRules,
  ...specialKeysRules,
  ...tokensARules,
  ...tokensMRules,
  ...walletsRules,
  ...webhooksRules,
]
  .map((rule) => (companions[rule.id] ? { ...rule, companions: companions[rule.id]! } : rule))
  .map((rule) => withRun(rule))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** The same, as they are searched for. The build puts stored ones in their place: see `stored-rules.ts`. */
export const builtinList: RuleList = listRules(builtinRules);

function withRun(rule: Rule): Rule {
  const run = requiredRun(rule.pattern);
  return run ? { ...rule, run } : rule;
}
