const MOST = 5;
/** 1: a hexadecimal digit. */
const HEX = new Uint8Array(128);
for (const c of '0123456789abcdefABCDEF') HEX[c.charCodeAt(0)] = 1;

/**
 * Beginnings of UUIDs and runs of 32 hexadecimal digits in `text`, up to 5 of each: what
 * `/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}/gi` and `/[\da-f]{32}/gi` match, in one pass.
 */
export function hexRuns(text: string): { uuids: number; long: number } {
  return hasRun(text) ? countRuns(text) : NONE;
}

const NONE = { uuids: 0, long: 0 };
/** Digits that each of them starts with. */
const LEAST = 8;

/** Whether there are 8 digits in a row. Looks at one character in eight where there are few. */
function hasRun(text: string): boolean {
  /** A run that has not been seen yet starts here or further on. */
  let from = 0;
  for (let probe = LEAST - 1; probe < text.length; probe = from + LEAST - 1) {
    let start = probe;
    while (start >= from && isHex(text.charCodeAt(start))) start--;
    from = start + 1;
    if (start === probe) continue;
    let end = probe + 1;
    while (end < text.length && isHex(text.charCodeAt(end))) end++;
    if (end - from >= LEAST) return true;
    from = end + 1;
  }
  return false;
}

function isHex(code: number): boolean {
  return code < 128 && HEX[code] === 1;
}

function countRuns(text: string): { uuids: number; long: number } {
  let uuids = 0;
  let long = 0;
  /** Digits up to here: of the run, and of what of it no UUID has taken. */
  let run = 0;
  let free = 0;
  /** Digits of the runs before it, where only a dash lies between. */
  let before = 0;
  let first = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isHex(code)) {
      run++;
      free++;
      if (run % 32 === 0) long++;
      if (free === 4 && before === 4 && first >= 8) {
        uuids++;
        free = before = first = 0;
      }
    } else {
      first = code === 0x2d ? before : 0;
      before = code === 0x2d ? free : 0;
      run = free = 0;
    }
  }
  return { uuids: Math.min(MOST, uuids), long: Math.min(MOST, long) };
}
