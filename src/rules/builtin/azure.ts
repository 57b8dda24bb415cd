import type { Rule } from '../../types.ts';
import { keyed, keyedRules } from './keyed.ts';

const PORTAL = 'https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials';
const STORAGE = 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage';

/**
 * Microsoft's identifiable keys: a signature of four to six characters at a fixed place of the key says which service
 * it is for. `[id, what, pattern, keywords, example]`.
 */
// biome-ignore format: a table, one key a line
const IDENTIFIABLE = [
  ['azure-ai-services-key', 'AI services, OpenAI or Cosmos key', '[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{26}', ['jqqj99', 'jqqj9d'], '{{alnum:52}}JQQJ99{{ALNUM:26}}'],
  ['azure-devops-pat', 'DevOps personal access token', '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}', ['azdo'], '{{alnum:76}}AZDO{{alnum:4}}'],
  ['azure-messaging-key', 'Service Bus, Event Hubs, Relay or IoT Hub key', '[A-Za-z0-9+/]{33}(?:AIoT|\\+ASb|\\+AEh|\\+ARm)[A-P][A-Za-z0-9+/]{5}=', ['aiot', '+asb', '+aeh', '+arm'], '{{base64:33}}+ASb{{[A-P]:1}}{{base64:5}}='],
  ['azure-storage-key-identifiable', 'Storage, Batch, Cosmos or API Management key', '[A-Za-z0-9+/]{76}(?:APIM|ACDb|\\+ABa|\\+AMC|\\+ASt)[A-Za-z0-9+/]{5}[AQgw]==', ['apim', 'acdb', '+aba', '+amc', '+ast'], '{{base64:76}}+ASt{{base64:5}}A=='],
  ['azure-container-registry-key', 'Container Registry key', '[A-Za-z0-9+/]{42}\\+ACR[A-D][A-Za-z0-9]{5}', ['+acr'], '{{base64:42}}+ACR{{[A-D]:1}}{{alnum:5}}'],
  ['azure-search-key', 'AI Search key', '[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}', ['azse'], '{{alnum:42}}AzSe{{[A-D]:1}}{{alnum:5}}'],
  ['azure-redis-key', 'Cache for Redis key', '[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=', ['azca'], '{{alnum:33}}AzCa{{[A-P]:1}}{{alnum:5}}='],
  ['azure-functions-key', 'Functions key', '[\\w-]{44}AzFu[\\w-]{5}[AQgw]==', ['azfu'], '{{base64url:44}}AzFu{{base64url:5}}A=='],
] as const;

const identifiableRules: readonly Rule[] = IDENTIFIABLE.map(([id, what, pattern, keywords, example]) => ({
  id,
  provider: 'Azure',
  description: `Azure ${what}`,
  keywords,
  pattern: new RegExp(`(?<![A-Za-z0-9+/_-])(?<secret>${pattern})(?![A-Za-z0-9+/_=-])`),
  severity: 'critical',
  confidence: 'certain',
  entropy: 3.5,
  examples: {
    secret: [`key: "${example}"`],
    harmless: [`key: "${example}{{alnum:7}}"`, `key: "w${example}"`],
  },
}));

/** Microsoft Azure and Entra ID. */
export const azureRules: readonly Rule[] = [
  ...identifiableRules,
  {
    id: 'azure-client-secret',
    provider: 'Azure',
    description: 'Microsoft Entra ID (Azure AD) client secret',
    keywords: ['0q~', '1q~', '2q~', '3q~', '4q~', '5q~', '6q~', '7q~', '8q~', '9q~'],
    pattern: /(?<![\w~.-])(?<secret>[\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~-])/,
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    rotate: PORTAL,
    examples: {
      secret: [
        'client_secret = "{{alnum:3}}8Q~{{alnum:20}}.{{alnum:13}}"',
        'AZURE_CLIENT_SECRET=_{{alnum:2}}7Q~{{alnum:31}}',
      ],
      harmless: [
        'client_secret=bP88Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        'client_secret={{alnum:3}}8Q~{{alnum:12}}',
        '{{alnum:3}}8Q~{{alnum:60}}',
      ],
    },
  },
  {
    id: 'azure-client-secret-legacy',
    provider: 'Azure',
    description: 'Azure AD client secret (older form)',
    keywords: ['azure', 'entra', 'aad_', 'arm_'],
    pattern:
      /(?:azure|entra|(?<![a-z])(?:aad|arm)_)[\w.-]{0,24}?(?:secret|key|passw|pwd)\w{0,16}["'`\]]{0,2}\s{0,4}(?:[:=,(]|:=|=>){1,2}\s{0,4}["'`]?(?![0-9a-f]{8}-[0-9a-f]{4}-)(?<secret>[\w~.+/?@*-]{32,44}={0,2})(?![\w~.+/=-])/i,
    severity: 'critical',
    confidence: 'hint',
    entropy: 3.9,
    validator: 'mixed-alnum',
    rotate: PORTAL,
    examples: {
      secret: ['azureClientSecret := "{{alnum:38}}a7"', 'ARM_CLIENT_SECRET={{alnum:32}}.a8'],
      harmless: [
        'azureClientSecret := "$AZURE_CLIENT_SECRET"',
        'AZURE_CLIENT_SECRET={{uuid}}',
        'azure_client_secret = "{{hex:12}}"',
      ],
    },
  },
  {
    id: 'azure-storage-account-key',
    provider: 'Azure',
    description: 'Azure Storage or Cosmos DB account key',
    keywords: ['accountkey', 'azure', 'storage', 'account_key', 'cosmos', 'blob.core', 'documents.azure'],
    pattern:
      /(?:account[_-]?key|azure|storage|cosmos|blob\.core|documents\.azure)[\s\S]{0,100}?(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{86}==)(?!=)/i,
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    rotate: STORAGE,
    stopwords: ['eby8vdm02xnocqflquwjpllmetlcdxj1ouzft50usrz6ifsufq2uvercz4i6tq'],
    examples: {
      secret: [
        'DefaultEndpointsProtocol=https;AccountName=web;AccountKey={{base64:86}}==;EndpointSuffix=core.windows.net',
        'azure_storage_key: "{{base64:86}}=="',
      ],
      harmless: ['AccountKey=<account key>;', 'AccountKey={{base64:43}}=;', `AccountKey=${'A'.repeat(86)}==`],
    },
  },
  {
    id: 'azure-shared-access-key',
    provider: 'Azure',
    description: 'Shared access key of an Azure connection string',
    keywords: ['accesskey', 'access_key', 'secret='],
    pattern:
      /(?:Endpoint=[^;\s"']{5,200};|HostName=[^;\s"']{5,200};)[^\s"']{0,200}?(?:SharedAccessKey|AccessKey|Secret)=(?<secret>[A-Za-z0-9+/]{43}=|[A-Za-z0-9]{80,90}|[A-Za-z0-9+/]{64,90}={0,2})(?![A-Za-z0-9+/=])/i,
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.8,
    examples: {
      secret: [
        'Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={{base64:43}}=',
        'HostName=hub.azure-devices.net;DeviceId=d;SharedAccessKey={{base64:43}}=',
      ],
      harmless: [
        'Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=<key>',
        'Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={{base64:20}}=',
      ],
    },
  },
  {
    id: 'azure-sas-signature',
    provider: 'Azure',
    description: 'Signature of an Azure shared access URL',
    keywords: ['sig='],
    pattern:
      /(?:[?&;]|%26|\s|["'])(?:sv|se|sp|sr|st|srt|ss|spr|skn)=[^\s"'<>]{1,400}?(?:&|&amp;|\\u0026|%26)sig=(?<secret>[A-Za-z0-9%+/_-]{42,90}(?:%3[Dd]|=)|[\w-]{43}(?![\w%-]))/,
    window: { before: 512, after: 256 },
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: STORAGE,
    examples: {
      secret: [
        'https://a.blob.core.windows.net/c/f.txt?sv=2022-11-02&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=r&sig={{alnum:40}}%2Ba%3D',
        '"?sp=rl&st=2024-01-01&sig={{alnum:43}}="',
      ],
      harmless: [
        '?sv=2022-11-02&sr=b&sp=r&sig=<signature>',
        '?sv=2022-11-02&sr=b&sig={{alnum:12}}',
        `?sv=2022-11-02&sig=${'x'.repeat(43)}=`,
      ],
    },
  },
  {
    id: 'azure-sas-signature-first',
    provider: 'Azure',
    description: 'Signature of an Azure shared access token',
    keywords: ['sharedaccesssignature', '?sig='],
    pattern:
      /(?:SharedAccessSignature (?:sr=[^\s"'&]{1,300}&(?:amp;)?)?|\?)sig=(?<secret>[A-Za-z0-9%+/_-]{42,90}(?:%3[Dd]|=))&(?:amp;)?(?:se|sv|sp|sr|st|skn)=/i,
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: STORAGE,
    examples: {
      secret: ['Authorization: SharedAccessSignature sr=hub.azure-devices.net&sig={{alnum:40}}%2Ba%3D&se=1700000000'],
      harmless: [
        'Authorization: SharedAccessSignature sr=hub&sig=<signature>&se=1700000000',
        '?sig={{alnum:10}}%3D&se=1',
      ],
    },
  },
  {
    id: 'azure-function-url-code',
    provider: 'Azure',
    description: 'Key in the URL of an Azure function',
    keywords: ['azurewebsites.net'],
    pattern: /azurewebsites\.net\/api\/[^\s"'?<>]{1,200}\?(?:[\w=&-]{0,100}&)?code=(?<secret>[\w%/+-]{20,100}={0,2})/i,
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    examples: {
      secret: ['https://app.azurewebsites.net/api/send?code={{base64url:54}}=='],
      harmless: [
        'https://app.azurewebsites.net/api/send?code=<key>',
        'https://app.azurewebsites.net/api/send?code={{digit:4}}',
      ],
    },
  },
  {
    id: 'azure-publish-profile-password',
    provider: 'Azure',
    description: 'Password of an Azure publishing profile',
    keywords: ['userpwd'],
    pattern: /userPWD=\\?["'](?<secret>[A-Za-z0-9]{60})\\?["']/i,
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    examples: {
      secret: ['<publishProfile userName="$app" userPWD="{{alnum:60}}" />'],
      harmless: ['<publishProfile userName="$app" userPWD="" />', '<publishProfile userPWD="{{alnum:20}}" />'],
    },
  },
  {
    id: 'azure-devops-pat-legacy',
    provider: 'Azure',
    description: 'Azure DevOps personal access token (older form)',
    keywords: ['azure', 'visualstudio.com', 'vsts', 'ado_'],
    pattern: keyed(
      'azure(?:[_ ]?devops)?(?:[_ -]?pat)?|visualstudio\\.com|vsts|(?<![a-z])ado_(?:pat)?',
      '(?=[a-z]{0,51}[2-7])[a-z2-7]{52}',
      { roleOptional: true },
    ),
    severity: 'critical',
    confidence: 'likely',
    entropy: 3.5,
    examples: {
      secret: ['AZURE_DEVOPS_PAT={{[a-z2-7]:51}}7', 'vsts_token: "{{[a-z2-7]:51}}2"'],
      harmless: [
        'AZURE_DEVOPS_PAT=$(System.AccessToken)',
        'AZURE_DEVOPS_PAT={{[a-z2-7]:60}}',
        'AZURE_DEVOPS_PAT={{[a-z2-7]:20}}',
      ],
    },
  },
  // biome-ignore format: a table, one service a line
  ...keyedRules([
    { id: 'azure-openai-api-key', provider: 'Azure OpenAI', word: 'azure_?open_?ai|openai\\.azure\\.com', spelling: 'azure_openai', keywords: ['azure', 'openai.azure'], shapes: ['hex:32'], severity: 'high', entropy: 2.9 },
    { id: 'azure-search-api-key', provider: 'Azure AI Search', word: 'azure_?(?:ai_?)?search|search\\.windows\\.net', spelling: 'azure_search', keywords: ['azure', 'search.windows'], shapes: ['hex:32', 'alnum:52'], severity: 'high', entropy: 2.9 },
    { id: 'azure-cognitive-services-key', provider: 'Azure', what: 'AI services key', word: 'azure|cognitive|speech_?(?:service|key)|translator_?(?:text|key)|text_?analytics|form_?recognizer|computer_?vision|face_?api|bing_?search', spelling: 'azure_speech', keywords: ['azure', 'cognitive', 'speech', 'translator', 'text_analytics', 'textanalytics', 'form_recognizer', 'formrecognizer', 'computer_vision', 'computervision', 'faceapi', 'face_api', 'bing_search', 'bingsearch'], shapes: ['hex:32'], severity: 'high', entropy: 2.9, strict: true },
    { id: 'azure-apim-subscription-key', provider: 'Azure', what: 'API Management subscription key', word: 'ocp-apim-subscription', spelling: 'ocp-apim-subscription', shapes: ['hex:32'], severity: 'high', entropy: 2.9 },
  ]),
];
