const ANY = -1;
/** First bytes of the usual compressed formats and archives: so many that no text starts like this. */
const SIGNATURES: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['bzip2', [0x42, 0x5a, 0x68, ANY, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
];

/** Why compressed `bytes` are left out, in words; undefined for everything else. */
export function compressedReason(bytes: Buffer): string | undefined {
  const format = SIGNATURES.find(([, signature]) => signature.every((byte, i) => byte === ANY || bytes[i] === byte));
  return format && `compressed (${format[0]}): what is inside is not looked at`;
}
