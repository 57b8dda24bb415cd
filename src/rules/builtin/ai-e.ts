import type { Rule } from '../../types.ts';
import { keyedRules } from './keyed.ts';
import { prefixedRules } from './prefixed.ts';

const HUGGING_FACE = 'https://huggingface.co/settings/tokens';
/** Hugging Face tokens are letters only, of both cases: that keeps C identifiers such as `hf_…_t` out. */
const HF_BODY = '(?=[a-z]{0,33}[A-Z])(?=[A-Z]{0,33}[a-z])[A-Za-z]{34}';

/** Rules for services that host or watch language models, providers E to N. */
export const aiERules: readonly Rule[] = [
  ...prefixedRules([
    [
      'elevenlabs-api-key',
      'ElevenLabs',
      'API key',
      'sk_',
      '[0-9a-f]{48}',
      '{{hex:48}}',
      { rotate: 'https://elevenlabs.io/app/settings/api-keys' },
    ],
    [
      'groq-api-key',
      'Groq',
      'API key',
      'gsk_',
      '[A-Za-z0-9]{52}',
      '{{alnum:52}}',
      { entropy: 3.5, rotate: 'https://console.groq.com/keys' },
    ],
    [
      'huggingface-access-token',
      'Hugging Face',
      'user access token',
      'hf_',
      HF_BODY,
      '{{alpha:34}}',
      { entropy: 3.3, rotate: HUGGING_FACE },
    ],
    [
      'huggingface-organization-token',
      'Hugging Face',
      'organization API token',
      'api_org_',
      HF_BODY,
      '{{alpha:34}}',
      { entropy: 3.3, rotate: HUGGING_FACE },
    ],
    ['mem0-api-key', 'Mem0', 'API key', 'm0-', '[A-Za-z0-9]{40}', '{{alnum:40}}', { entropy: 3.5 }],
    ['nomic-api-key', 'Nomic', 'API key', 'nk-', '[\\w-]{43}', '{{alnum:43}}', { entropy: 3.8, confidence: 'likely' }],
    [
      'nvidia-api-key',
      'NVIDIA',
      'API key',
      'nvapi-',
      '[\\w-]{60,70}',
      '{{alnum:64}}',
      { entropy: 3.5, rotate: 'https://org.ngc.nvidia.com/setup/api-keys' },
    ],
    [
      'modal-token-id',
      'Modal',
      'token id',
      'ak-',
      '[A-Za-z0-9]{22}',
      '{{alnum:22}}',
      { severity: 'low', confidence: 'hint', entropy: 3.5 },
    ],
    [
      'modal-token-secret',
      'Modal',
      'token secret',
      'as-',
      '[A-Za-z0-9]{22}',
      '{{alnum:22}}',
      { confidence: 'likely', entropy: 3.5 },
    ],
  ]),
  ...keyedRules([
    {
      id: 'edenai-api-key',
      provider: 'Eden AI',
      word: 'edenai',
      shapes: ['/[\\w-]{20,140}\\.[\\w-]{20,400}\\.[\\w-]{20,200}/'],
      example: 'eyJ{{alnum:33}}.{{alnum:92}}.{{alnum:43}}',
    },
    { id: 'eraser-api-token', provider: 'Eraser', word: 'eraser', shapes: ['alnum:20-22'], strict: true, entropy: 3 },
    { id: 'inworld-api-key', provider: 'Inworld', word: 'inworld', shapes: ['alnum:32', 'alnum:64'] },
    {
      id: 'lambda-cloud-api-key',
      provider: 'Lambda',
      word: 'lambda',
      shapes: ['/secret_[\\w-]{2,60}_[0-9a-f]{32}\\.[a-z0-9]{32}/'],
      example: 'secret_prod_{{hex:32}}.{{alnum:32}}',
      severity: 'high',
    },
    { id: 'lepton-api-token', provider: 'Lepton AI', word: 'lepton', shapes: ['alnum:32'], strict: true },
    { id: 'monkeylearn-api-key', provider: 'MonkeyLearn', word: 'monkeylearn', shapes: ['lownum:40'] },
    {
      id: 'ngc-api-key',
      provider: 'NVIDIA',
      word: 'ngc|nvidia',
      spelling: 'ngc',
      keywords: ['ngc', 'nvidia'],
      what: 'NGC API key',
      shapes: ['/[a-z0-9]{82,86}/'],
      example: '{{alnum:84}}',
      strict: true,
      severity: 'high',
      entropy: 4,
    },
    {
      id: 'nlpcloud-api-key',
      provider: 'NLP Cloud',
      word: 'nlp[_-]?cloud',
      spelling: 'nlpcloud',
      keywords: ['nlpcloud', 'nlp_cloud', 'nlp-cloud'],
      shapes: ['lownum:40'],
    },
    {
      id: 'moderation-api-key',
      provider: 'Moderation API',
      word: 'moderation',
      shapes: ['/[a-z0-9]{36}\\.[a-z0-9]{115}\\.[\\w-]{43}/'],
      example: '{{lownum:36}}.{{lownum:115}}.{{alnum:43}}',
      strict: true,
    },
  ]),
];
