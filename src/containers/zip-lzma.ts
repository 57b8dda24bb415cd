import { mostUnpacked, Refusal } from './limits.ts';
import { createLzma2, LARGEST_DICTIONARY } from './lzma.ts';

/**
 * Unpacks what zip calls LZMA, as pieces of up to two megabytes: a version, the properties, one stream.
 *
 * @param size that it unpacks to; absent: it has an end mark
 */
export function* unlzma(bytes: Buffer, size = Number.POSITIVE_INFINITY): Generator<Buffer, void> {
  if (bytes.length < 9) throw new Refusal('cut off: only its start was looked at');
  const end = 4 + bytes.readUInt16LE(2);
  const dictionary = bytes.readUInt32LE(5);
  if (dictionary > LARGEST_DICTIONARY) throw new Refusal('needs more memory to be unpacked than is given to it');
  // More than may be unpacked is never looked back at.
  const decoder = createLzma2(Math.min(dictionary, mostUnpacked(bytes.length)));
  decoder.setProperties(bytes[4]!);
  decoder.resetState();
  yield* decoder.stream(bytes.subarray(end), size);
}
