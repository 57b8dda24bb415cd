import { Refusal } from './limits.ts';

const TIFF = 2;
const PNG = 10;
const LONGEST_ROW = 10_000_000;

/** The data of a stream in which each byte tells how it differs from what was predicted. */
export function unpredicted(data: Buffer, parameters: string): Buffer {
  const number = (key: string, usual: number) =>
    Number(new RegExp(`/${key}\\s+(\\d{1,7})\\b`).exec(parameters)?.[1] ?? usual);
  const predictor = number('Predictor', 1);
  if (predictor < TIFF) return data;
  const bits = number('Colors', 1) * number('BitsPerComponent', 8);
  const rowLength = Math.ceil((bits * number('Columns', 1)) / 8);
  const step = Math.max(1, bits >> 3);
  if (rowLength < 1 || rowLength > LONGEST_ROW) throw new Refusal('damaged: has streams that cannot be unpacked');
  if (predictor >= PNG) return fromPng(data, { rowLength, step });
  if (predictor !== TIFF || number('BitsPerComponent', 8) !== 8) {
    throw new Refusal('has streams with a predictor that is not supported: they were not looked at');
  }
  const out = Buffer.from(data);
  for (let i = 0; i < out.length; i++) if (i % rowLength >= step) out[i] = (out[i]! + out[i - step]!) & 255;
  return out;
}

/** Each row starts with a byte that tells how it was predicted: from the left, from above, from both. */
function fromPng(data: Buffer, { rowLength, step }: { rowLength: number; step: number }): Buffer {
  const rows = Math.ceil(data.length / (rowLength + 1));
  const out = Buffer.alloc(rows * rowLength);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * (rowLength + 1);
    const type = data[from]!;
    const to = row * rowLength;
    const length = Math.min(rowLength, data.length - from - 1);
    for (let i = 0; i < length; i++) {
      const left = i >= step ? out[to + i - step]! : 0;
      const above = row > 0 ? out[to + i - rowLength]! : 0;
      const corner = row > 0 && i >= step ? out[to + i - rowLength - step]! : 0;
      out[to + i] = (data[from + 1 + i]! + predicted({ type, left, above, corner })) & 255;
    }
    end = to + Math.max(0, length);
  }
  return out.subarray(0, end);
}

function predicted(input: { type: number; left: number; above: number; corner: number }): number {
  const { type, left, above, corner } = input;
  if (type === 1) return left;
  if (type === 2) return above;
  if (type === 3) return (left + above) >> 1;
  if (type !== 4) return 0;
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
