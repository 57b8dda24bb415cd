import type { Rule } from '../../types.ts';
import { type KeyedService, keyed, keyedRules } from './keyed.ts';
import { type PrefixedToken, prefixedRules, standalone } from './prefixed.ts';
import { spoken } from './service-row.ts';

const OPENAI_KEYS = 'https://platform.openai.com/api-keys';
const ANTHROPIC_KEYS = 'https://console.anthropic.com/settings/keys';
const SAMPLE_ANTHROPIC = '{{alnum:46}}-{{alnum:46}}AA';
/** Every part in one long run: the end of the key, `AA`, is that of its base64. */
const ANTHROPIC_REST = '[\\w-]{80,110}AA';

// biome-ignore format: a table, one line each
const TOKENS: readonly PrefixedToken[] = [
  ['xai-api-key', 'xAI', 'API key', 'xai-', '\\w{70,90}', '{{alnum:80}}', { entropy: 3.5, rotate: 'https://console.x.ai' }],
  ['perplexity-api-key', 'Perplexity', 'API key', 'pplx-', '[A-Za-z0-9]{48,56}', '{{alnum:48}}', { entropy: 3.5, rotate: 'https://www.perplexity.ai/account/api' }],
  // Written next to other text more often than other tokens, so the end is lenient.
  ['replicate-api-token', 'Replicate', 'API token', 'r8_', '[A-Za-z0-9]{37,48}', '{{alnum:37}}', { entropy: 3.5, rotate: 'https://replicate.com/account/api-tokens' }],
  ['openrouter-api-key', 'OpenRouter', 'API key', 'sk-or-v1-', '[0-9a-f]{64}', '{{hex:64}}', { rotate: 'https://openrouter.ai/settings/keys' }],
  ['cerebras-api-key', 'Cerebras', 'API key', 'csk-', '[a-z0-9]{48}', '{{lownum:48}}', { entropy: 3.5 }],
  ['langsmith-api-key', 'LangSmith', 'API key', 'lsv2_', '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}', 'pt_{{hex:32}}_{{hex:10}}'],
  ['langfuse-secret-key', 'Langfuse', 'secret key', 'sk-lf-', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '{{uuid}}'],
  ['pinecone-api-key', 'Pinecone', 'API key', 'pcsk_', '[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,66}', '{{alnum:5}}_{{alnum:63}}'],
  ['tavily-api-key', 'Tavily', 'API key', 'tvly-', '(?:dev-|prod-)?[A-Za-z0-9]{32}', '{{alnum:32}}', { entropy: 3.5 }],
  ['firecrawl-api-key', 'Firecrawl', 'API key', 'fc-', '[0-9a-f]{32}', '{{hex:32}}', { confidence: 'likely' }],
  ['jina-api-key', 'Jina AI', 'API key', 'jina_', '[\\w-]{60}', '{{hex:32}}{{alnum:28}}', { entropy: 3.5 }],
  ['llamaindex-cloud-key', 'LlamaCloud', 'API key', 'llx-', '[A-Za-z0-9]{48}', '{{alnum:48}}', { entropy: 3.5 }],
  ['together-api-key', 'Together AI', 'API key', 'tgp_v1_', '[\\w-]{43}', '{{alnum:43}}', { entropy: 3.5 }],
  ['runpod-api-key', 'RunPod', 'API key', 'rpa_', '[A-Za-z0-9]{40,50}', '{{ALNUM:46}}', { entropy: 3.5 }],
  ['friendli-token', 'Friendli', 'personal access token', 'flp_', '[A-Za-z0-9]{46}', '{{alnum:46}}', { entropy: 3.5 }],
  ['anyscale-api-key', 'Anyscale', 'API key', 'esecret_', '[a-z0-9]{24,40}', '{{lownum:26}}'],
  ['wandb-api-key', 'Weights & Biases', 'API key', 'wandb_v1_', '\\w{60,90}', '{{alnum:70}}', { entropy: 3.5, rotate: 'https://wandb.ai/authorize' }],
  ['helicone-api-key', 'Helicone', 'API key', 'sk-helicone-', '(?:[a-z0-9]{7}-){3}[a-z0-9]{7}', '{{lownum:7}}-{{lownum:7}}-{{lownum:7}}-{{lownum:7}}'],
  ['cursor-api-key', 'Cursor', 'API key', 'crsr_', '[0-9a-f]{64}', '{{hex:64}}'],
];

// biome-ignore format: a table, one line each
const SERVICES: readonly KeyedService[] = [
  { id: 'cohere-api-token', provider: 'Cohere', word: 'cohere|(?<![A-Za-z])co_api', spelling: 'cohere', keywords: ['cohere', 'co_api'], shapes: ['alnum:40'], severity: 'high', entropy: 3.5, rotate: 'https://dashboard.cohere.com/api-keys' },
  { id: 'deepseek-api-key', provider: 'DeepSeek', word: 'deepseek', shapes: ['/sk-[0-9a-f]{32}/'], example: 'sk-{{hex:32}}', severity: 'high', rotate: 'https://platform.deepseek.com/api_keys' },
  { id: 'mistral-api-key', provider: 'Mistral AI', word: 'mistral', shapes: ['alnum:32'], severity: 'high', entropy: 3.3, rotate: 'https://console.mistral.ai/api-keys' },
  { id: 'privateai-api-token', provider: 'Private AI', word: 'private[_-]?ai', spelling: 'private_ai', keywords: ['private_ai', 'private-ai', 'privateai'], shapes: ['lownum:32'], severity: 'high', entropy: 3 },
  { id: 'weightsandbiases-api-key', provider: 'Weights & Biases', word: 'wandb', shapes: ['hex:40'], severity: 'high', rotate: 'https://wandb.ai/authorize' },
  { id: 'together-legacy-api-key', provider: 'Together AI', word: 'together[_-]?(?:ai|api)', spelling: 'together_ai', keywords: ['together_a', 'together-a', 'togethera'], shapes: ['hex:64'], severity: 'high' },
  { id: 'fireworks-api-key', provider: 'Fireworks AI', word: 'fireworks', shapes: ['/fw_[A-Za-z0-9]{22,24}/'], example: 'fw_{{alnum:24}}', severity: 'high', entropy: 3 },
  { id: 'voyage-api-key', provider: 'Voyage AI', word: 'voyage', shapes: ['/pa-[\\w\\-]{43}/'], example: 'pa-{{alnum:43}}', severity: 'high', entropy: 3.5 },
  { id: 'stability-api-key', provider: 'Stability AI', word: 'stability|dreamstudio', spelling: 'stability', keywords: ['stability', 'dreamstudio'], shapes: ['/sk-[a-z0-9]{48}/'], example: 'sk-{{alnum:48}}', severity: 'high', entropy: 3.5 },
  { id: 'moonshot-api-key', provider: 'Moonshot AI', word: 'moonshot|kimi', spelling: 'moonshot', keywords: ['moonshot', 'kimi'], shapes: ['/sk-[a-z0-9]{48}/'], example: 'sk-{{alnum:48}}', severity: 'high', entropy: 3.5 },
  { id: 'qwen-dashscope-api-key', provider: 'Alibaba DashScope', word: 'dashscope|qwen', spelling: 'dashscope', keywords: ['dashscope', 'qwen'], shapes: ['/sk-[0-9a-f]{32}/'], example: 'sk-{{hex:32}}', severity: 'high' },
  { id: 'zhipu-api-key', provider: 'Zhipu AI', word: 'zhipu(?:ai)?|bigmodel|(?<![a-z])glm', spelling: 'zhipuai', keywords: ['zhipu', 'bigmodel', 'glm'], shapes: ['/[0-9a-f]{32}\\.[a-z0-9]{16}/'], example: '{{hex:32}}.{{alnum:16}}', severity: 'high', entropy: 3 },
  { id: 'novita-api-key', provider: 'Novita AI', word: 'novita', shapes: ['/sk_[\\w\\-]{43}/'], example: 'sk_{{alnum:43}}', severity: 'high', entropy: 3.5 },
  { id: 'exa-api-key', provider: 'Exa', word: 'exa', strict: true, shapes: ['uuid'], keywords: ['exa_', 'exaapi'], spelling: 'exa' },
  { id: 'fal-api-key', provider: 'fal', word: 'fal', strict: true, keywords: ['fal_', 'fal-'], shapes: ['/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{32}/'], example: '{{uuid}}:{{hex:32}}', severity: 'high' },
  { id: 'pinecone-legacy-api-key', provider: 'Pinecone', word: 'pinecone', shapes: ['uuid'] },
  { id: 'sambanova-api-key', provider: 'SambaNova', word: 'sambanova', shapes: ['uuid'] },
];

/** Rules for providers of language, speech and image models. */
export const aiRules: readonly Rule[] = [
  ...prefixedRules(TOKENS),
  ...keyedRules(SERVICES.map(spoken)),
  {
    id: 'openai-api-key',
    provider: 'OpenAI',
    description: 'OpenAI API key',
    // `T3BlbkFJ` is the base64 of OpenAI and stands in the middle of every key.
    keywords: ['t3blbkfj'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    window: { before: 256, after: 320 },
    pattern: standalone('sk-[\\w-]{16,180}T3BlbkFJ[\\w-]{16,180}'),
    rotate: OPENAI_KEYS,
    examples: {
      secret: [
        'OPENAI_API_KEY=sk-{{alnum:20}}T3BlbkFJ{{alnum:20}}',
        'client = OpenAI(api_key="sk-proj-{{alnum:74}}T3BlbkFJ{{alnum:74}}")',
        'sk-svcacct-{{alnum:30}}_{{alnum:43}}T3BlbkFJ{{alnum:50}}-{{alnum:23}}',
        'sk-admin-{{alnum:58}}T3BlbkFJ{{alnum:58}}',
      ],
      harmless: [
        'OPENAI_API_KEY=sk-{{alnum:20}}T4BlbkFJ{{alnum:20}}',
        `OPENAI_API_KEY=sk-proj-${'x'.repeat(74)}`,
        'sk-{{alnum:20}}T3BlbkFJ{{alnum:6}}',
      ],
    },
  },
  {
    id: 'openai-context-api-key',
    provider: 'OpenAI',
    description: 'OpenAI API key of an unusual form',
    keywords: ['openai', 'chatgpt'],
    severity: 'high',
    confidence: 'likely',
    entropy: 3.7,
    pattern: keyed('openai|chatgpt', 'sk-(?:(?:proj|svcacct|admin)-[\\w\\-]{60,180}|[A-Za-z0-9]{40,64})'),
    rotate: OPENAI_KEYS,
    examples: {
      secret: ['openai_api_key = "sk-{{alnum:48}}"', 'OPENAI_KEY=sk-proj-{{alnum:120}}'],
      harmless: [`openai_api_key = "sk-${'x'.repeat(48)}"`, 'openai_api_key = "sk-{{alnum:12}}"'],
    },
  },
  {
    id: 'anthropic-api-key',
    provider: 'Anthropic',
    description: 'Anthropic API key',
    keywords: ['sk-ant-api'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: ANTHROPIC_KEYS,
    pattern: standalone(`sk-ant-api\\d{2,3}-${ANTHROPIC_REST}`),
    examples: {
      secret: [`ANTHROPIC_API_KEY=sk-ant-api03-${SAMPLE_ANTHROPIC}`],
      harmless: [
        `ANTHROPIC_API_KEY=sk-ant-api03-${'x'.repeat(93)}AA`,
        'sk-ant-api03-{{alnum:46}}-{{alnum:46}}BB',
        'sk-ant-api02-notarealkey',
        `ssk-ant-api03-${SAMPLE_ANTHROPIC}`,
      ],
    },
  },
  {
    id: 'anthropic-admin-api-key',
    provider: 'Anthropic',
    description: 'Anthropic Admin API key',
    keywords: ['sk-ant-admin'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    rotate: 'https://console.anthropic.com/settings/admin-keys',
    pattern: standalone(`sk-ant-admin\\d{2}-${ANTHROPIC_REST}`),
    examples: {
      secret: [`key: sk-ant-admin01-${SAMPLE_ANTHROPIC}`],
      harmless: ['key: sk-ant-admin01-{{alnum:46}}AA', 'key: sk-ant-admin01-{{alnum:46}}-{{alnum:46}}BB'],
    },
  },
  {
    id: 'anthropic-oauth-token',
    provider: 'Anthropic',
    description: 'Anthropic OAuth or session token',
    keywords: ['sk-ant-oat', 'sk-ant-ort', 'sk-ant-sid'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    pattern: standalone(`sk-ant-(?:oat|ort|sid)\\d{2}-${ANTHROPIC_REST}`),
    examples: {
      secret: [`"accessToken": "sk-ant-oat01-${SAMPLE_ANTHROPIC}"`],
      harmless: ['"accessToken": "sk-ant-oat01-{{alnum:20}}"', `"accessToken": "sk-ant-oat01-${'0'.repeat(93)}AA"`],
    },
  },
];
