// Makes src/util/rarity-table.ts: how often a character follows two others in the words that people write in code
// and prose. Reads text files and prints the module: node scripts/make-rarity-table.mjs FILES… > src/util/rarity-table.ts
// Words are runs of letters; case changes inside a run start a new word; a boundary counts as a character.
import { readFileSync } from 'node:fs';

const SIZE = 27;
const counts = new Float64Array(SIZE ** 3).fill(0.05);
for (const file of process.argv.slice(2)) {
  const words = new Map();
  for (const [word] of readFileSync(file, 'utf8').matchAll(/[A-Z]?[a-z]{2,24}|[A-Z]{2,24}(?![a-z])/g)) {
    const lower = word.toLowerCase();
    words.set(lower, (words.get(lower) ?? 0) + 1);
  }
  for (const [word, times] of words) {
    const codes = [0, 0, ...[...word].map((c) => c.charCodeAt(0) - 96), 0];
    const weight = Math.sqrt(times);
    for (let i = 2; i < codes.length; i++) counts[(codes[i - 2] * SIZE + codes[i - 1]) * SIZE + codes[i]] += weight;
  }
}
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
let table = '';
for (let pair = 0; pair < SIZE * SIZE; pair++) {
  const row = counts.slice(pair * SIZE, (pair + 1) * SIZE);
  const total = row.reduce((a, b) => a + b, 0);
  for (const count of row) table += digits[Math.min(63, Math.round(-Math.log2(count / total) * 5))];
}
const lines = table.match(/.{1,108}/g).map((l) => `  '${l}'`);
console.log(`/**
 * Made by scripts/make-rarity-table.mjs. One character for each triple of (boundary, a–z): its base64 digit is five
 * times the surprise, in bits, of the third character after the first two.
 */
export const RARITY_TABLE: string = [
${lines.join(',\n')},
].join('');`);
