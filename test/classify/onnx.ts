/** A minimal writer of ONNX files: just what a network of an embedding and its mean needs. */

type Field = readonly [number: number, value: number | string | Uint8Array];

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

/** A protobuf message: numbers as varints, everything else with its length before it. */
function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [Buffer.from([...varint(number * 8), ...varint(value)])];
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return [Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes];
  });
  return Buffer.concat(parts);
}

const FLOAT = 1;
const INT64 = 7;

function node(operator: string, io: { inputs: string[]; output: string }, ...attributes: Uint8Array[]): Uint8Array {
  return message(
    ...io.inputs.map((name): Field => [1, name]),
    [2, io.output],
    [4, operator],
    ...attributes.map((attribute): Field => [5, attribute]),
  );
}

function tensorInfo(name: string, type: number, shape: readonly (number | string)[]): Uint8Array {
  const dimensions = shape.map((size): Field => [1, message(typeof size === 'number' ? [1, size] : [2, size])]);
  return message([1, name], [2, message([1, message([1, type], [2, message(...dimensions)])])]);
}

/**
 * A network that turns `input_ids` [1, T] into `logits` [1, 3]: the mean of a row of three numbers for each token.
 * @param rows one for each token id
 */
export function meanNetwork(
  rows: readonly (readonly [number, number, number])[],
  names = { input: 'input_ids' },
): Uint8Array {
  const weights = Buffer.from(Float32Array.from(rows.flat()).buffer);
  const table = message([1, rows.length], [1, 3], [2, FLOAT], [8, 'rows'], [9, weights]);
  // AttributeProto: the type of `ints` is 7, that of a single `i` is 2.
  const axes = message([1, 'axes'], [8, 1], [20, 7]);
  const keepdims = message([1, 'keepdims'], [3, 0], [20, 2]);
  const graph = message(
    [1, node('Gather', { inputs: ['rows', names.input], output: 'looked_up' })],
    [1, node('ReduceMean', { inputs: ['looked_up'], output: 'logits' }, axes, keepdims)],
    [2, 'tiny'],
    [5, table],
    [11, tensorInfo(names.input, INT64, [1, 'tokens'])],
    [12, tensorInfo('logits', FLOAT, [1, 3])],
  );
  const opset = message([1, ''], [2, 13]);
  return message([1, 8], [7, graph], [8, opset]);
}
