import { is, type Row } from './own-columns.ts';

/** Writes 1 for each sort of word that stands in the text round a value. */
export function writeWordsNear(near: string, row: Row, at: number): void {
  row[at] = is(/kty["']?\s*[:=]/.test(near));
  row[at + 1] = is(/example\.(?:com|org|net)|contoso|localhost|127\.0\.0\.1/i.test(near));
  row[at + 2] = is(/user|login|e-?mail/i.test(near));
  row[at + 3] = is(/passw|pwd/i.test(near));
  row[at + 4] = is(/secret|token|api_?key/i.test(near));
  row[at + 5] = is(/\b(?:example|sample|e\.g\.|dummy|fake|mock)\b/i.test(near));
  row[at + 6] = is(/\b(?:expect|assert|should|describe|it|test)\w*\s*[.(]/.test(near));
  row[at + 7] = is(/environment:|process\.env|getenv|os\.environ|export /.test(near));
}
