/**
 * Search among the pieces that are likely for a source, instead of among the whole vocabulary; the counterpart of
 * `seq2seq.runtime.shortlist`, which explains it, and of the modules of the separate output layer. The files are
 * described in `seq2seq.deployment.web_model`.
 *
 * Shapes: `N` rows, `K` pieces of the source's shortlist, `V` vocabulary, `E` embedding width, `R` readout width.
 */

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** A vector and a bias for each piece. */
export class PieceTable {
  /**
   * @param {ArrayBuffer} content - scales [V], biases [V], vectors [V, R].
   * @param {number} pieces - V.
   * @param {"int8" | "float32"} precision - of the vectors.
   * @param {string} name - of the file, for messages.
   */
  constructor(content, pieces, precision, name) {
    const Numbers = precision === "int8" ? Int8Array : Float32Array;
    const begin = 2 * FLOAT * pieces;
    this.width = (content.byteLength - begin) / (pieces * Numbers.BYTES_PER_ELEMENT);
    require(Number.isInteger(this.width) && this.width > 0, name);
    this.precision = precision;
    this.scales = new Float32Array(content, 0, pieces);
    this.biases = new Float32Array(content, FLOAT * pieces, pieces);
    this.numbers = new Numbers(content, begin);
  }

  /** Returns the vectors of pieces, [N * R]. */
  vectors(pieces) {
    const { width, numbers } = this;
    const result = new Float32Array(pieces.length * width);
    let at = 0;
    for (const piece of pieces) {
      const scale = this.scales[piece];
      for (let from = piece * width; from < (piece + 1) * width; from++) result[at++] = numbers[from] * scale;
    }
    return result;
  }

  /** Returns the vectors of pieces as columns, [R * K], as they are stored. */
  columns(pieces) {
    const { width, numbers } = this;
    const count = pieces.length;
    const result = new numbers.constructor(count * width);
    for (let column = 0; column < count; column++) {
      const begin = pieces[column] * width;
      for (let row = 0; row < width; row++) result[row * count + column] = numbers[begin + row];
    }
    return result;
  }
}

/** The candidates of all source pieces. */
export class Shortlist {
  /**
   * @param {ArrayBuffer} content - [source vocabulary, `each`] ids, in two or four bytes.
   * @param {object} options
   * @param {number} options.each - number of candidates of a source piece.
   * @param {number[]} options.frequent - target pieces that belong to every shortlist.
   * @param {number} options.sources - number of source ids.
   * @param {number} options.size - V.
   * @param {string} name - of the file, for messages.
   */
  constructor(content, { each, frequent, sources, size }, name) {
    const bytes = content.byteLength / (each * sources);
    require(bytes === 2 || bytes === 4, name);
    this.candidates = bytes === 2 ? new Uint16Array(content) : new Uint32Array(content);
    require(this.candidates.every((piece) => piece < size), name);
    Object.assign(this, { each, frequent, size });
  }

  /**
   * Returns the pieces of a source's shortlist, [K], in order.
   *
   * @param {number[]} source - its ids.
   * @param {number[]} own - special target ids, which belong to every shortlist.
   * @returns {number[]}
   */
  chosen(source, own) {
    const isListed = new Uint8Array(this.size);
    for (const piece of this.frequent) isListed[piece] = 1;
    for (const piece of own) isListed[piece] = 1;
    for (const id of source) {
      for (let place = id * this.each; place < (id + 1) * this.each; place++) isListed[this.candidates[place]] = 1;
    }
    const pieces = [];
    for (let piece = 0; piece < this.size; piece++) if (isListed[piece]) pieces.push(piece);
    return pieces;
  }
}

/** The output layer and the embeddings of a model with a shortlist, which are separate from the graph of the step. */
export class SeparateOutput {
  /**
   * @param {Object<string, ArrayBuffer>} tables - `output`, `candidates` and, unless the output layer has the same
   *     vectors, `embedding`.
   * @param {object} options - `shortlist` of model.json: the frequent pieces, the number of candidates of each source
   *     piece, and the precision of the vectors.
   * @param {object} sizes
   * @param {number} sizes.sources - number of source ids.
   * @param {number} sizes.size - V.
   * @param {number} sizes.width - R.
   */
  constructor(tables, { frequent, candidates: each, precision }, { sources, size, width }) {
    this.table = new PieceTable(tables.output, size, precision, "output.bin");
    require(this.table.width === width, "output.bin");
    this.embedding = tables.embedding && new PieceTable(tables.embedding, size, precision, "embedding.bin");
    this.shortlist = new Shortlist(tables.candidates, { each, frequent, sources, size }, "candidates.bin");
  }

  /** Returns the embeddings of pieces, [N, E]. */
  embedded(pieces) {
    return (this.embedding ?? this.table).vectors(pieces);
  }
}

/** A network that scores only the shortlist of one source, whose ids are places in the list. */
export class ShortNetwork {
  /**
   * @param {import("./network.js").Network} network - one with a separate output layer.
   * @param {import("./tokenizer.js").Tokenizer} whole - the whole vocabulary.
   * @param {number[]} source - ids of the source.
   */
  constructor(network, whole, source) {
    const special = [whole.padding, whole.start, whole.end, whole.unknown, ...whole.marks.values()];
    this.network = network;
    /** [K], the piece of each id. */
    this.pieces = network.separate.shortlist.chosen(source, special);
    /** The special ids that constraints and search need of a tokenizer; no piece of a shortlist is a byte. */
    this.target = specialIds(whole, new Map(this.pieces.map((piece, place) => [piece, place])));
    this.among = network.among(this.pieces);
  }

  /** Returns the state before the first piece, for N rows. */
  start(memory, rows) {
    return this.network.start(memory, rows);
  }

  /** Computes one step, whose scores are [N * K]; see `Network.step`. */
  async step(tokens, state, memory) {
    const pieces = tokens.map((token) => this.pieces[token]);
    const step = await this.network.separateStep(pieces, state, memory, this.among, "scores");
    return { ...step, scores: step.result.data, width: this.pieces.length };
  }
}

function specialIds(whole, places) {
  const marks = new Map([...whole.marks].map(([mark, id]) => [mark, places.get(id)]));
  const ids = [whole.padding, whole.start, whole.end, whole.unknown];
  const [padding, start, end, unknown] = ids.map((id) => places.get(id));
  return { padding, start, end, unknown, marks, hasBytes: false };
}

function require(isFit, name) {
  if (!isFit) throw new Error(`${name} does not fit the model: export it again.`);
}
