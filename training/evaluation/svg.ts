import { escapeMarkup } from '../../src/report/markup.ts';

/** Own small plots: axes from 0 to 1, lines and bars. Every text is escaped. */

export interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  dashed?: boolean;
  /** Dots without a line between them. */
  dots?: boolean;
}

const WIDTH = 520;
const HEIGHT = 360;
const LEFT = 52;
const TOP = 34;
const RIGHT = 16;
const BOTTOM = 44;
const COLOURS = ['#1f6fb2', '#c2571a', '#3a8a4d', '#8a4fb0', '#7a6a00', '#b3261e'];
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** A plot of lines over [0, 1] × [0, 1]. Points outside are drawn on the border. */
export function linePlot(input: { title: string; x: string; y: string; series: readonly Series[] }): string {
  const { title, x, y, series } = input;
  const lines = series.map((one, i) => drawn(one, COLOURS[i % COLOURS.length]!));
  const legend = series.map(({ name }, i) => {
    const row = HEIGHT - BOTTOM - 14 * (series.length - i) + 2;
    return `<rect x="${LEFT + 10}" y="${row - 8}" width="10" height="10" fill="${COLOURS[i % COLOURS.length]!}"/>${text({ x: LEFT + 26, y: row, of: name })}`;
  });
  return framed({ title, height: HEIGHT, body: [axes(x, y), ...lines, ...legend] });
}

/** Horizontal bars of shares (0 to 1), one row for each, with the number behind it. */
export function barPlot(input: {
  title: string;
  bars: readonly { name: string; value: number; note: string }[];
}): string {
  const { title, bars } = input;
  const room = 190;
  const width = WIDTH - room - 130;
  const body = bars.flatMap(({ name, value, note }, i) => {
    const row = TOP + 10 + i * 20;
    return [
      text({ x: room - 8, y: row + 11, of: name.length > 28 ? `${name.slice(0, 27)}…` : name, anchor: 'end' }),
      `<rect x="${room}" y="${row}" width="${fixed(width * clamp(value))}" height="14" fill="${COLOURS[0]!}"/>`,
      text({ x: room + width * clamp(value) + 6, y: row + 11, of: note }),
    ];
  });
  return framed({ title, height: TOP + 24 + bars.length * 20, body });
}

function drawn({ points, dashed, dots }: Series, colour: string): string {
  if (points.length === 0) return '';
  const at = points.map(([x, y]) => [fixed(across(x)), fixed(up(y))] as const);
  if (dots) return at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`).join('');
  const path = at.map(([x, y]) => `${x},${y}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.8"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;
}

function axes(x: string, y: string): string {
  const ticks = TICKS.map(
    (tick) =>
      `<line x1="${fixed(across(tick))}" x2="${fixed(across(tick))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#8884"/>` +
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(up(tick))}" y2="${fixed(up(tick))}" stroke="#8884"/>` +
      text({ x: across(tick), y: HEIGHT - BOTTOM + 16, of: tick.toFixed(1), anchor: 'middle' }) +
      text({ x: LEFT - 8, y: up(tick) + 4, of: tick.toFixed(1), anchor: 'end' }),
  );
  const middle = TOP + (HEIGHT - BOTTOM - TOP) / 2;
  return [
    ...ticks,
    text({ x: LEFT + (WIDTH - LEFT - RIGHT) / 2, y: HEIGHT - 8, of: x, anchor: 'middle' }),
    `<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${escapeMarkup(y)}</text>`,
  ].join('');
}

function framed({ title, height, body }: { title: string; height: number; body: readonly string[] }): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#777" role="img"><title>${escapeMarkup(title)}</title>${text({ x: LEFT, y: 18, of: title })}${body.join('')}</svg>`;
}

function text({ x, y, of, anchor }: { x: number; y: number; of: string; anchor?: 'middle' | 'end' }): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}"${anchor ? ` text-anchor="${anchor}"` : ''}>${escapeMarkup(of)}</text>`;
}

function across(x: number): number {
  return LEFT + clamp(x) * (WIDTH - LEFT - RIGHT);
}

function up(y: number): number {
  return HEIGHT - BOTTOM - clamp(y) * (HEIGHT - BOTTOM - TOP);
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
