/**
 * Encodes a source segment by segment, for a hierarchical encoder (Serban et al. 2016); the counterpart of
 * `seq2seq.runtime.segments`.
 *
 * Shapes: `S` source length, `R` segments, `W` longest segment, `C` state width.
 */

/**
 * Splits a source into segments, each of which ends with its boundary piece or with the source.
 *
 * @param {number[]} source
 * @param {number[]} boundaries
 * @returns {{begin: number, end: number, isBounded: boolean}[]}
 */
export function cut(source, boundaries) {
  const segments = [];
  let begin = 0;
  source.forEach((id, place) => {
    const isBounded = boundaries.includes(id);
    if (!isBounded && place + 1 < source.length) return;
    segments.push({ begin, end: place + 1, isBounded });
    begin = place + 1;
  });
  return segments;
}

export class SegmentEncoder {
  /**
   * @param {Object<string, import("./network.js").Graph>} graphs - turns, dialogue and, with attention, project.
   * @param {number[]} boundaries - source ids that end a segment.
   */
  constructor(graphs, boundaries) {
    Object.assign(this, { graphs, boundaries });
  }

  /** Returns keys, values, hidden and cell of a source, as the graph of a flat encoder does. */
  async encode(source) {
    const { turns, dialogue, project } = this.graphs;
    const segments = cut(source, this.boundaries);
    const count = segments.length;
    const longest = Math.max(...segments.map(({ begin, end }) => end - begin));
    const pieces = new Array(count * longest).fill(0);
    segments.forEach(({ begin, end }, row) => {
      for (let place = begin; place < end; place++) pieces[row * longest + place - begin] = source[place];
    });
    const read = await turns.run({
      segments: turns.ids(pieces, count, longest),
      lengths: turns.ids(segments.map(({ begin, end }) => end - begin), count),
    });
    const width = read.vectors.dims[1];
    const encoded = await dialogue.run({
      turns: dialogue.floats(read.vectors.data, 1, count, width),
      counts: dialogue.ids([count], 1),
    });
    if (!project) return encoded;

    const states = new Float32Array(source.length * width);
    segments.forEach(({ begin, end, isBounded }, row) => {
      for (let place = begin; place < end; place++) {
        const isEnd = isBounded && place + 1 === end;
        for (let unit = 0; unit < width; unit++) {
          states[place * width + unit] = isEnd
            ? encoded.after.data[row * width + unit]
            : read.states.data[(row * longest + place - begin) * width + unit] +
              encoded.context.data[row * width + unit];
        }
      }
    });
    return { ...encoded, ...(await project.run({ states: project.floats(states, 1, source.length, width) })) };
  }
}
