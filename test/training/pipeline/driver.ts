import { join } from 'node:path';
import { reportFailure } from '../../../src/cli/failure.ts';
import { interruptible } from '../../../src/cli/interrupt.ts';
import { train } from '../../../training/pipeline/main.ts';
import { fakeSetup, worker } from './fake.ts';

/** A program of its own that trains with one slow worker: `node driver.js SCRIPT`, in the folder of the runs. */
const steps = [
  fakeSetup,
  worker('slow', join(process.argv[2]!), { outputs: ['slow/out.txt'], scratch: ['slow/checkpoint'] }),
];

process.exitCode = await interruptible((signal) =>
  train({ options: { runId: 'test' }, cwd: process.cwd(), signal, steps }),
).catch(reportFailure);
