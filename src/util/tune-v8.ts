import { setFlagsFromString } from 'node:v8';

/**
 * What keeps the heaps of all threads small, at a few percent of the time: V8 would let garbage pile up to three times of
 * what is in use. It reads these whenever it decides on the size of a heap.
 */
const YOUNG = '--semi-space-growth-factor=1';
const OLD = '--heap-growing-percent=50';
/**
 * How much of other functions is compiled into one, a third of what V8 would take: each thread compiles all of the program,
 * and that is a quarter of a scan.
 */
const INLINED = '--max-inlined-bytecode-size-cumulative=300';
/** Versions of Node.js of which V8 is known to know them; another one would complain on standard error. */
const KNOWN = new Set(['20', '22', '24']);

/**
 * Has the threads of this process compile less, and their heaps grow little, from now on: for what reads much.
 * @param input.mayWaste leaves room for what is made and forgotten at once: a seventh of the time for 30 MB
 */
export function tuneV8({ mayWaste = false } = {}): void {
  if (!KNOWN.has(process.versions.node.split('.')[0]!)) return;
  for (const flag of mayWaste ? [OLD, INLINED] : [YOUNG, OLD, INLINED]) setFlagsFromString(flag);
}
