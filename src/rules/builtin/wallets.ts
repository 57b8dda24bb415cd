import type { Rule } from '../../types.ts';
import { standalone } from './prefixed.ts';

const BASE58 = '[1-9A-HJ-NP-Za-km-z]';

/** Private keys of wallets and of accounts in networks without a company, told by their checksum. */
export const walletsRules: readonly Rule[] = [
  {
    id: 'private-key-bitcoin-wif',
    provider: 'Bitcoin',
    description: 'Bitcoin private key (WIF)',
    keywords: ['priv', 'wif', 'bitcoin', 'btc', 'wallet', 'dumpprivkey', 'importprivkey'],
    severity: 'critical',
    confidence: 'certain',
    validator: 'bitcoin-wif',
    pattern: standalone(`(?:[KL]${BASE58}{51}|[59c]${BASE58}{50,51})`, 'A-Za-z0-9'),
    examples: {
      secret: ['wallet_key = "{{wif}}"', 'bitcoin-cli importprivkey {{wif}}'],
      harmless: ['wallet_key = "5{{[1-9A-HJ-NP-Za-km-z]:50}}"', 'wallet_address = "1{{[1-9A-HJ-NP-Za-km-z]:33}}"'],
    },
  },
  {
    id: 'private-key-stellar-seed',
    provider: 'Stellar',
    description: 'secret seed of a Stellar account',
    keywords: ['stellar', 'seed', 'secret', 'horizon', 'keypair', 'soroban'],
    severity: 'critical',
    confidence: 'certain',
    validator: 'stellar-seed',
    pattern: standalone('S[A-Z2-7]{55}', 'A-Za-z0-9'),
    examples: {
      secret: ['STELLAR_SECRET={{stellar}}', 'const pair = StellarSdk.Keypair.fromSecret("{{stellar}}");'],
      harmless: ['STELLAR_SECRET=S{{base32:55}}', 'STELLAR_ACCOUNT=G{{base32:55}}'],
    },
  },
  {
    id: 'private-key-nostr',
    provider: 'Nostr',
    description: 'Nostr private key',
    keywords: ['nsec1'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.5,
    pattern: standalone('nsec1[02-9ac-hj-np-z]{58}'),
    examples: {
      secret: ['NOSTR_KEY=nsec1{{[02-9ac-hj-np-z]:58}}'],
      harmless: ['NOSTR_KEY=npub1{{[02-9ac-hj-np-z]:58}}', 'NOSTR_KEY=nsec1{{[02-9ac-hj-np-z]:30}}'],
    },
  },
];
