const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** A size in bytes: `1000000`, `"10 MB"` (millions), `"512 KiB"` (of 1024 bytes); undefined when it is none. */
export function parseSize(size: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(size).trim());
  const name = (match?.[2] ?? '').toLowerCase();
  if (!match || !Object.hasOwn(UNITS, name)) return undefined;
  const bytes = Math.round(Number(match[1]) * UNITS[name]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
