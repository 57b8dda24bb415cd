import type { Rule } from '../../types.ts';
import { keyedRules } from './keyed.ts';
import { prefixedRules, standalone } from './prefixed.ts';
import { fromRow, type ServiceRow } from './service-row.ts';

const EASYPOST = 'https://www.easypost.com/account/api-keys';
const FLUTTERWAVE = 'https://app.flutterwave.com/dashboard/settings/apis';

const SERVICES: readonly ServiceRow[] = [
  ['etherscan', 'Etherscan', 'lownum:34'],
  [
    'ethplorer',
    'Ethplorer',
    ['base64url:22', '/EK-[a-z0-9]{5}-[a-z0-9]{7}-[a-z0-9]{5}/'],
    { example: 'EK-{{alnum:5}}-{{alnum:7}}-{{alnum:5}}' },
  ],
  ['exchangerate', 'ExchangeRate-API', 'hex:24'],
  ['exchangerates', 'exchangeratesapi.io', 'lownum:32'],
  [
    'fastforex',
    'fastFOREX',
    ['/[a-z0-9-]{28}/', '/[0-9a-z]{10}-[0-9a-z]{10}-[0-9a-z]{6}/'],
    { example: '{{hex:10}}-{{hex:10}}-{{lownum:6}}' },
  ],
  ['finage', 'Finage', ['/API_KEY[a-z0-9]{25}/', 'alnum:32'], { example: 'API_KEY{{ALNUM:25}}' }],
  [
    'financialmodelingprep',
    'Financial Modeling Prep',
    'alnum:32',
    {
      word: 'financialmodelingprep|fmp',
      spelling: 'fmp',
      keywords: ['financialmodelingprep', 'fmp_', 'fmpkey', 'fmp-'],
      strict: true,
    },
  ],
  ['findl', 'Findl', 'uuid'],
  ['finicity', 'Finicity', ['alnum:20', 'hex:32'], { what: 'API token or client secret', severity: 'critical' }],
  ['finnhub', 'Finnhub', ['lownum:20', 'lownum:40']],
  ['fixerio', 'Fixer', 'alnum:32', { word: 'fixer(?:[._-]?io)?', spelling: 'fixer', strict: true }],
  ['freshbooks', 'FreshBooks', 'lownum:64', { severity: 'high' }],
  ['fxmarket', 'FXMarketAPI', '/[0-9a-z_-]{20}/', { example: '{{base64url:20}}', entropy: 3 }],
  ['glassnode', 'Glassnode', '/[a-z0-9]{27,28}/', { example: '{{alnum:27}}', entropy: 3.5 }],
  [
    'gocardless',
    'GoCardless',
    '/(?:live|sandbox)_[\\w=-]{40,43}/',
    { example: 'live_{{base64url:40}}', severity: 'critical', rotate: 'https://manage.gocardless.com/developers' },
  ],
  [
    'gumroad',
    'Gumroad',
    ['base64url:43-48', 'hex:64'],
    { severity: 'high', rotate: 'https://gumroad.com/settings/advanced' },
  ],
  [
    'infura',
    'Infura',
    ['hex:32', 'base64:43'],
    { what: 'project id or secret', severity: 'high', rotate: 'https://app.infura.io/' },
  ],
  ['intrinio', 'Intrinio', 'alnum:44'],
  [
    'iex-cloud',
    'IEX Cloud',
    ['/[stp]k_[a-z0-9]{32}/', 'lownum:35', 'lownum:32'],
    {
      word: 'iexcloud|iexapis|iex[_-](?:cloud|api|token)',
      spelling: 'iexcloud',
      keywords: ['iexcloud', 'iexapis', 'iex_', 'iex-'],
      example: 'sk_{{hex:32}}',
      severity: 'high',
    },
  ],
  [
    'kraken',
    'Kraken',
    '/[a-z0-9/=_+-]{80,90}/',
    { what: 'API private key', example: '{{base64:86}}==', severity: 'critical', entropy: 4, strict: true },
  ],
  ['kucoin', 'KuCoin', ['hex:24', 'uuid'], { what: 'API key or secret', severity: 'critical' }],
  [
    'lemonsqueezy',
    'Lemon Squeezy',
    '/eyJ[\\w-]{10,80}\\.(?:eyJ)?[\\w-]{20,1200}\\.[\\w-]{20,800}/',
    {
      word: 'lemon[_-]?squeezy',
      spelling: 'lemonsqueezy',
      keywords: ['lemonsqueezy', 'lemon_squeezy', 'lemon-squeezy'],
      example: 'eyJ{{alnum:33}}.eyJ{{alnum:120}}.{{alnum:300}}',
      severity: 'critical',
      rotate: 'https://app.lemonsqueezy.com/settings/api',
    },
  ],
  [
    'lendflow',
    'Lendflow',
    '/[a-z0-9]{30,40}\\.[\\w-]{100,400}\\.[\\w-]{100,800}/',
    { example: '{{alnum:36}}.{{alnum:235}}.{{alnum:300}}' },
  ],
  [
    'lob',
    'Lob',
    ['/(?:live|test)_(?:pub_[0-9a-f]{31}|[0-9a-f]{35})/', 'lownum:36-40'],
    {
      example: 'live_{{hex:35}}',
      strict: true,
      severity: 'high',
      rotate: 'https://dashboard.lob.com/settings/api-keys',
    },
  ],
  [
    'lunchmoney',
    'Lunch Money',
    'hex:50',
    { word: 'lunch_?money', spelling: 'lunchmoney', keywords: ['lunchmoney', 'lunch_money'] },
  ],
  ['marketstack', 'marketstack', 'lownum:32'],
  ['moonclerk', 'MoonClerk', 'hex:32'],
  [
    'moralis',
    'Moralis',
    ['alnum:64', '/eyJ[\\w-]{20,80}\\.eyJ[\\w-]{20,600}\\.[\\w-]{43}/'],
    { example: 'eyJ{{alnum:33}}.eyJ{{alnum:200}}.{{alnum:43}}', severity: 'high' },
  ],
  [
    'midtrans-server',
    'Midtrans',
    '/(?:SB-)?Mid-server-[\\w-]{20,40}/',
    { word: 'midtrans', what: 'server key', example: 'SB-Mid-server-{{alnum:24}}', severity: 'critical' },
  ],
  [
    'mollie',
    'Mollie',
    '/(?:live|test)_[a-z0-9]{30}/',
    {
      example: 'live_{{alnum:30}}',
      severity: 'critical',
      rotate: 'https://my.mollie.com/dashboard/developers/api-keys',
    },
  ],
  [
    'nasdaq-data-link',
    'Nasdaq Data Link',
    'base64url:20',
    { word: 'nasdaq|quandl', spelling: 'nasdaq', keywords: ['nasdaq', 'quandl'], entropy: 3 },
  ],
  ['nftport', 'NFTPort', 'uuid'],
  ['numverify', 'numverify', 'lownum:32'],
];

/** Rules for payment, banking, trading, currency and blockchain services, providers E to N. */
export const paymentsERules: readonly Rule[] = [
  {
    id: 'easypost-api-key',
    provider: 'EasyPost',
    description: 'EasyPost API key',
    keywords: ['ezak', 'eztk'],
    severity: 'high',
    confidence: 'certain',
    entropy: 3.5,
    rotate: EASYPOST,
    pattern: /(?<![\w+/-])(?<secret>EZ[AT]K[A-Za-z0-9]{54})(?![\w+/=-])/,
    examples: {
      secret: ['https://example.com/?t=EZAK{{alnum:54}}&q=1', 'EZTK_token: EZTK{{alnum:54}}'],
      harmless: [`EZAK${'x'.repeat(54)}`, 'EZTK{{alnum:30}}', 'data+EZTK{{alnum:54}}/x'],
    },
  },
  {
    id: 'flutterwave-secret-key',
    provider: 'Flutterwave',
    description: 'Flutterwave secret or encryption key',
    keywords: ['flwseck'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 2.8,
    rotate: FLUTTERWAVE,
    pattern: standalone('FLWSECK(?:_TEST|_LIVE)?-?(?:[0-9a-zA-Z]{32}-X|[0-9a-zA-Z]{12})'),
    examples: {
      secret: ['FLWSECK_TEST-{{hex:32}}-X', 'encryption_key=FLWSECK_TEST{{hex:12}}'],
      harmless: ['FLWSECK-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX-X', 'FLWSECK_TEST-{{hex:7}}'],
    },
  },
  {
    id: 'flutterwave-public-key',
    provider: 'Flutterwave',
    description: 'Flutterwave public key',
    keywords: ['flwpubk'],
    severity: 'low',
    confidence: 'certain',
    entropy: 3,
    rotate: FLUTTERWAVE,
    pattern: standalone('FLWPUBK(?:_TEST|_LIVE)?-[0-9a-zA-Z]{32}-X'),
    examples: {
      secret: ['FLWPUBK_TEST-{{hex:32}}-X'],
      harmless: ['FLWPUBK-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX-X', 'FLWPUBK_TEST-{{hex:7}}-X'],
    },
  },
  ...prefixedRules([
    ['fleetbase-live-key', 'Fleetbase', 'live API key', 'flb_live_', '[0-9A-Za-z]{20}', '{{alnum:20}}'],
    [
      'fleetbase-test-key',
      'Fleetbase',
      'test API key',
      'flb_test_',
      '[0-9A-Za-z]{20}',
      '{{alnum:20}}',
      { severity: 'low' },
    ],
    ['flexport-api-key', 'Flexport', 'API key', 'shltm_', '[\\w-]{40}', '{{alnum:40}}', { entropy: 3.5 }],
  ]),
  ...keyedRules(SERVICES.map(fromRow)),
];
