import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { readFeedback } from '../../src/feedback/read.ts';
import { appendFeedback } from '../../src/feedback/write.ts';
import { temporaryDirectory } from '../e2e/repository.ts';
import { record } from './record.ts';

const PROCESSES = 4;
const EACH = 40;

/** A program that writes `EACH` decisions, one after the other; its numbers start at its argument. */
async function writer(folder: string, file: string): Promise<string> {
  const library = join(folder, 'write.mjs');
  const entry = join(import.meta.dirname, '..', '..', 'src', 'feedback', 'write.ts');
  await build({
    entryPoints: [entry],
    outfile: library,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const script = join(folder, 'writer.mjs');
  const text = `import { appendFeedback } from './write.mjs';
const first = Number(process.argv[2]);
for (let i = first; i < first + ${EACH}; i++) {
  const id = i.toString(16).padStart(32, '0');
  await appendFeedback(${JSON.stringify(file)}, [{ ...${JSON.stringify(record(0))}, id }]);
  process.stdout.write(i + '\\n');
}
`;
  writeFileSync(script, text);
  return script;
}

describe('several processes that write decisions at once', () => {
  it('tear no line, and lose none that was written when one of them is killed', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'store', 'feedback.jsonl');
    const script = await writer(folder, file);
    const said = new Set<number>();
    const running = Array.from({ length: PROCESSES }, (_, i) => {
      const child = spawn(process.execPath, [script, String(i * EACH)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let count = 0;
      child.stdout.on('data', (data: Buffer) => {
        for (const line of data.toString().trim().split('\n')) said.add(Number(line));
        count++;
        // The first one is killed while it is at it.
        if (i === 0 && count === 2) child.kill('SIGKILL');
      });
      return once(child, 'close');
    });
    const ends = await Promise.all(running);
    expect(ends.slice(1).map(([code]) => code)).toEqual(Array(PROCESSES - 1).fill(0));
    // What the killed one may have left is taken out by whoever writes next.
    await appendFeedback(file, [record(PROCESSES * EACH)]);
    const numbers = new Set((await readFeedback(file)).map(({ id }) => Number.parseInt(id, 16)));
    expect([...said].filter((number) => !numbers.has(number))).toEqual([]);
    expect(said.size).toBeGreaterThanOrEqual((PROCESSES - 1) * EACH);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    expect(readdirSync(join(folder, 'store'))).toEqual(['feedback.jsonl']);
  });
});
