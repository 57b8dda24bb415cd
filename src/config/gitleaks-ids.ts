import { matchesRuleId } from './allow.ts';

/** Rules of gitleaks' default set that are called something else here; `*` stands for any text. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  'airtable-personnal-access-token': ['airtable-personal-access-token', 'airtable-pat*'],
  'artifactory-api-key': ['jfrog-api-key', 'artifactory-*'],
  'artifactory-reference-token': ['jfrog-reference-token'],
  'aws-access-token': ['aws-access-key*'],
  'aws-amazon-bedrock-api-key-long-lived': ['aws-bedrock-*'],
  'aws-amazon-bedrock-api-key-short-lived': ['aws-bedrock-*'],
  'azure-ad-client-secret': ['azure-*client-secret*'],
  'cisco-meraki-api-key': ['meraki-api-key', 'cisco-meraki-*'],
  'clickhouse-cloud-api-secret-key': ['clickhouse-*'],
  'curl-auth-header': ['generic-auth', 'generic-token'],
  'curl-auth-user': ['command-line-credentials'],
  'digitalocean-pat': ['digitalocean-personal-*', 'digitalocean-access-*'],
  'easypost-test-api-token': ['easypost-api-key'],
  'facebook-access-token': ['facebook-*-access-token'],
  'facebook-page-access-token': ['facebook-user-access-token'],
  'facebook-secret': ['facebook-app-secret'],
  'finicity-api-token': ['finicity-credentials'],
  'finicity-client-secret': ['finicity-credentials'],
  'gcp-api-key': ['google-api-key'],
  'generic-api-key': ['generic-*'],
  'github-app-token': ['github-app-*'],
  'github-oauth': ['github-oauth-token*'],
  'github-pat': ['github-personal-access-token*'],
  'github-refresh-token': ['github-refresh-token*'],
  'gitlab-cicd-job-token': ['gitlab-ci-job-token'],
  'gitlab-feature-flag-client-token': ['gitlab-feature-flag-token'],
  'gitlab-kubernetes-agent-token': ['gitlab-agent-token'],
  'gitlab-oauth-app-secret': ['gitlab-oauth-secret'],
  'gitlab-pat': ['gitlab-personal-access-token'],
  'gitlab-pat-routable': ['gitlab-personal-access-token'],
  'gitlab-ptt': ['gitlab-trigger-token'],
  'gitlab-rrt': ['gitlab-runner-registration-token', 'gitlab-legacy-runner-registration-token'],
  'gitlab-runner-authentication-token': ['gitlab-runner-token'],
  'gitlab-runner-authentication-token-routable': ['gitlab-runner-token'],
  'grafana-cloud-api-token': ['grafana-cloud-token'],
  'hashicorp-tf-api-token': ['hashicorp-terraform-token'],
  'heroku-api-key': ['heroku-api-key', 'heroku-platform-uuid-token'],
  'heroku-api-key-v2': ['heroku-platform-token'],
  'jwt-base64': ['jwt*'],
  'kubernetes-secret-yaml': ['kubernetes-secret-data*'],
  'kucoin-access-token': ['kucoin-api-credentials'],
  'kucoin-secret-key': ['kucoin-api-credentials'],
  'linkedin-client-id': ['linkedin-client-credentials'],
  'looker-client-id': ['looker-api-credentials'],
  'looker-client-secret': ['looker-api-credentials'],
  'mailgun-private-api-token': ['mailgun-api-key', 'mailgun-legacy-key'],
  'mailgun-pub-key': ['mailgun-public-key'],
  'mapbox-api-token': ['mapbox-public-token', 'mapbox-secret-token'],
  'messagebird-api-token': ['messagebird-access-key'],
  'new-relic-browser-api-token': ['newrelic-browser-key'],
  'new-relic-insert-key': ['newrelic-insights-insert-key'],
  'new-relic-user-api-key': ['newrelic-user-key'],
  'notion-api-token': ['notion-integration-token', 'notion-legacy-token'],
  'npm-access-token': ['npm-access-token*'],
  'plaid-api-token': ['plaid-access-token'],
  'private-key': ['private-key*'],
  'settlemint-application-access-token': ['settlemint-application-token'],
  'settlemint-personal-access-token': ['settlemint-personal-token'],
  'settlemint-service-access-token': ['settlemint-service-token'],
  'sidekiq-sensitive-url': ['sidekiq-url-credentials'],
  'slack-config-access-token': ['slack-config-token'],
  'slack-config-refresh-token': ['slack-config-token'],
  'slack-legacy-bot-token': ['slack-bot-token'],
  'stripe-access-token': ['stripe-live-key', 'stripe-test-key'],
  'sumologic-access-token': ['sumologic-access-key'],
  'telegram-bot-api-token': ['telegram-bot-token', 'telegram-context-token'],
  'twitter-access-secret': ['twitter-secret'],
  'twitter-api-secret': ['twitter-secret'],
  'vault-batch-token': ['hashicorp-vault-batch-token'],
  'vault-service-token': ['hashicorp-vault-service-token', 'hashicorp-vault-legacy-token'],
};

/**
 * The built-in rules that find what a rule of gitleaks' default set finds; none when there is no such rule.
 *
 * @param known ids of the built-in rules; without them a rule of the same name is taken to exist
 */
export function counterparts(gitleaksId: string, known: readonly string[] | undefined): readonly string[] {
  const renamed = Object.hasOwn(RENAMED, gitleaksId) ? RENAMED[gitleaksId]! : [];
  if (!known) return renamed.length > 0 ? renamed : [gitleaksId];
  const found = known.filter((id) => renamed.some((pattern) => matchesRuleId(pattern, id)));
  if (found.length > 0) return found;
  if (known.includes(gitleaksId)) return [gitleaksId];
  return known.filter((id) => plain(id) === plain(gitleaksId));
}

/** Whether a thing is called an API key or an access token says little. */
function plain(id: string): string {
  const words = id.split('-').filter((word) => !['api', 'access', 'personal'].includes(word));
  return words.map((word) => (word === 'key' ? 'token' : word)).join('-');
}
