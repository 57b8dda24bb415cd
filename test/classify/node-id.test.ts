import { describe, expect, it } from 'vitest';
import { settle } from '../../src/classify/index.ts';
import { features } from '../../src/features/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
function settled(value: string, name = 'node_id') {
  const candidate = candidateOf({ chunk: chunkOf(`"${name}": "${value}"`, { path: 'event.json' }), value, name });
  return settle({ candidate, features: features(candidate), preset: 'balanced' });
}

describe('a node id of GitHub', () => {
  it.each(['04:User583231', '010:Repository1296269', '012:Organization9919', '06:Commit1296269:6dcb09b'])(
    '%s',
    (id) => {
      const told = settled(base64(id));
      expect(told).toMatchObject({ label: 'harmless', decidedBy: 'filter' });
      expect(told!.reason).toContain('node id of GitHub');
    },
  );

  it.each([
    ['words without a number', base64('04:UserNobodyHere')],
    ['a number without a kind', base64('04:583231583231')],
    ['text that only begins alike', base64('04-User583231xyz')],
    ['a random value that begins alike', fillExample('MDQ{{alnum:21}}')],
    ['a value that is no base64', fillExample('MDA!{{[!#%]:8}}{{alnum:12}}')],
  ])('is not %s', (_, value) => {
    expect(settled(value, 'token')?.reason ?? '').not.toContain('node id');
  });
});
