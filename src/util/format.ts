const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `34 kB`: a size in bytes for people, in decimal units, with one decimal below ten. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded up to a thousand of the smaller unit.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** `12 ms`, `0.2 s`, `3 min 5 s`: a duration in milliseconds for people. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 99.5) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 file`, `1,204 files`: a number with its noun. `many` is the plural, `one` with an `s` unless told. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? one : many}`;
}

const MARK = /^\p{M}$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** How many columns of a terminal `text` takes: marks take none, ideographs and most emoji two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character < '\u0300') width++;
    else if (!MARK.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Breaks `text` at blanks into lines of at most `width` columns; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/**
 * Cuts `before` and `after` so that all three fit `width`, marking the cuts with `…`; `middle` is never cut. More room
 * is given to what stands before: the name of a value says more than what follows it.
 */
export function shorten({
  before,
  middle,
  after,
  width,
}: {
  before: string;
  middle: string;
  after: string;
  width: number;
}): string {
  const room = Math.max(2, width - middle.length);
  if (before.length + after.length <= room) return before + middle + after;
  const left = Math.min(before.length, Math.max(room - after.length, Math.min(room - 1, Math.ceil(room * 0.6))));
  const right = Math.min(after.length, room - left);
  const head = left < before.length ? `…${before.slice(before.length - left + 1)}` : before;
  const tail = right < after.length ? `${after.slice(0, Math.max(0, right - 1))}…` : after;
  // A cut may have gone through the middle of a character.
  return head.replace(/^…\p{Cs}/u, '…') + middle + tail.replace(/\p{Cs}…$/u, '…');
}
