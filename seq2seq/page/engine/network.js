/**
 * The network's graphs, computed by onnxruntime-web; the counterpart of `seq2seq.runtime.engine`. The inputs and outputs
 * of the graphs are described in `seq2seq.runtime.graphs`.
 *
 * One source is decoded at a time, so nothing is padded. Shapes: `S` source length, `N` rows (beams or samples of the
 * source), `L` decoder layers, `H` hidden width, `R` readout width, `V` vocabulary, `X` ids above it.
 */

import { copied, firstPlaces, mixture } from "./pointer.js";
import { SegmentEncoder } from "./segments.js";

const AFTER = "next_";

/** One graph with its session. */
export class Graph {
  constructor(ort, session) {
    this.ort = ort;
    this.session = session;
  }

  /**
   * Loads a graph.
   *
   * @param {object} ort - the module of onnxruntime-web.
   * @param {ArrayBuffer} content
   * @param {string} name - of the file, for messages.
   * @returns {Promise<Graph>}
   */
  static async of(ort, content, name) {
    // The graphs are optimized already (`seq2seq.deployment.graph_optimization`).
    const options = { executionProviders: ["wasm"], graphOptimizationLevel: "disabled", logSeverityLevel: 3 };
    try {
      return new Graph(ort, await ort.InferenceSession.create(new Uint8Array(content), options));
    } catch (cause) {
      throw new Error(`${name} is damaged, or this device has too little memory for it.`, { cause });
    }
  }

  /**
   * Runs the graph.
   *
   * @param {Object<string, object>} inputs - tensors by name; those that the graph does not have are left out.
   * @param {string} [unread] - an output that is not needed, and not copied out of the runtime's memory.
   * @returns {Promise<Object<string, object>>} tensors by name, without the prefix of repeated names.
   */
  async run(inputs, unread) {
    const { inputNames, outputNames } = this.session;
    const chosen = {};
    for (const name of inputNames) chosen[name] = inputs[name];
    let outputs;
    try {
      outputs = await this.session.run(chosen, outputNames.filter((name) => name !== unread));
    } catch (cause) {
      throw new Error("The text could not be computed: it may be too long for this device's memory.", { cause });
    }
    const found = {};
    for (const name in outputs) found[name.startsWith(AFTER) ? name.slice(AFTER.length) : name] = outputs[name];
    return found;
  }

  floats(values, ...shape) {
    return new this.ort.Tensor("float32", values, shape);
  }

  ids(values, ...shape) {
    return new this.ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
  }
}

/**
 * An encoded source.
 *
 * @typedef {object} Memory
 * @property {number} length - S; 0 for a language model.
 * @property {object} [keys] - tensor [1, S, A].
 * @property {object} [values] - tensor [1, S, C].
 * @property {object} [is_token] - tensor [1, S].
 * @property {Float32Array} hidden - [L * H], the decoder's first state.
 * @property {Float32Array} cell - [L * H].
 * @property {number[]} copies - [S], the target id that each position copies; [] without copying.
 * @property {number[]} first - [S], the first position with the same id.
 * @property {number} extra - X.
 */

/** The decoder's state between two steps: rows of numbers, N of each. */
export class State {
  constructor(rows, hidden, cell, feed, read) {
    Object.assign(this, { rows, hidden, cell, feed, read });
  }

  /** Returns the state of some rows, in the order given. */
  select(rows) {
    const parts = [this.hidden, this.cell, this.feed, this.read].map((part) => selected(part, this.rows, rows));
    return new State(rows.length, ...parts);
  }

  /** Returns the state with the rows of other states behind its own. */
  followedBy(others) {
    const all = [this, ...others];
    const joined = (name) => Float32Array.from(all.flatMap((state) => Array.from(state[name])));
    const rows = all.reduce((sum, state) => sum + state.rows, 0);
    return new State(rows, joined("hidden"), joined("cell"), joined("feed"), joined("read"));
  }
}

function selected(part, count, rows) {
  const width = part.length / count;
  if (!width) return part;
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, place) => result.set(part.subarray(row * width, (row + 1) * width), place * width));
  return result;
}

export class Network {
  /**
   * @param {Object<string, Graph>} graphs - by name: encode, step, output, read, turns, dialogue, project.
   * @param {object} options - `network` of model.json: encoder, attention, decoderLayers, hiddenSize, readoutWidth,
   *     inputFeeding, copying, coverage.
   * @param {object} vocabulary
   * @param {number} vocabulary.size - V.
   * @param {number} vocabulary.unknown - target id that replaces a copied unknown word in the decoder's input.
   * @param {number[]} vocabulary.copies - the target id that each source id copies; [] without copying.
   * @param {number[]} vocabulary.boundaries - source ids that end a segment.
   * @param {import("./shortlist.js").SeparateOutput | null} separate - the output layer, if the step has none.
   */
  constructor(graphs, options, vocabulary, separate) {
    Object.assign(this, { graphs, options, vocabulary, separate });
    this.hasAttention = options.attention !== "none";
    if (options.encoder === "hierarchical") this.segments = new SegmentEncoder(graphs, vocabulary.boundaries);
  }

  /**
   * Encodes a source.
   *
   * @param {number[]} source - [S] ids.
   * @param {number[]} [copies] - the target id that each position copies; left out, the vocabulary's table says it.
   * @returns {Promise<Memory>}
   */
  async encode(source, copies) {
    const { encode, step } = this.graphs;
    const encoded = this.segments
      ? await this.segments.encode(source)
      : await encode.run({ source: encode.ids(source, 1, source.length), lengths: encode.ids([source.length], 1) });
    const { size } = this.vocabulary;
    const written = !this.options.copying ? [] : copies ?? source.map((id) => this.vocabulary.copies[id]);
    return {
      length: source.length,
      keys: encoded.keys,
      values: encoded.values,
      is_token: new step.ort.Tensor("bool", new Uint8Array(source.length).fill(1), [1, source.length]),
      hidden: encoded.hidden.data,
      cell: encoded.cell.data,
      copies: written,
      first: firstPlaces(written),
      extra: written.reduce((most, id) => Math.max(most, id + 1 - size), 0),
    };
  }

  /** Returns the empty memory of a language model. */
  withoutSource() {
    const start = new Float32Array(this.options.decoderLayers * this.options.hiddenSize);
    return { length: 0, hidden: start, cell: start, copies: [], first: [], extra: 0 };
  }

  /** Returns the state before the first piece, for N rows. */
  start(memory, rows) {
    const { inputFeeding, coverage, readoutWidth } = this.options;
    const one = new State(
      1,
      memory.hidden,
      memory.cell,
      new Float32Array(inputFeeding ? readoutWidth : 0),
      new Float32Array(coverage ? memory.length : 0),
    );
    return one.select(new Array(rows).fill(0));
  }

  /**
   * Computes one step.
   *
   * @param {number[]} tokens - [N], the last piece of each row.
   * @param {State} state
   * @param {Memory} memory
   * @returns {Promise<Step>}
   *
   * @typedef {object} Step
   * @property {Float32Array} scores - [N * width], log probability of each next piece.
   * @property {number} width - V + X.
   * @property {State} state
   * @property {Trace} trace
   *
   * @typedef {object} Trace - what hypotheses remember of a step.
   * @property {Float32Array} attention - [N * S]; empty without attention.
   * @property {Float32Array | null} copying - [N * S], log probability of copying the id of each position; null without
   *     copying.
   */
  async step(tokens, state, memory) {
    const { size, unknown } = this.vocabulary;
    if (this.separate) {
      this.one ??= this.among([unknown]); // the step scores some piece, even if its score is not read
      const step = await this.separateStep(tokens, state, memory, this.one, "readout");
      const { scores } = await this.graphs.output.run({ readout: step.result });
      return { ...step, scores: scores.data, width: size };
    }
    const { step } = this.graphs;
    const token = step.ids(tokens.map((id) => (id >= size ? unknown : id)), tokens.length);
    const { after, attention, next } = await this.#stepped({ token }, tokens.length, state, memory);
    const scores = after.scores.data;
    if (!this.options.copying) return { scores, width: size, state: next, trace: { attention, copying: null } };
    const gate = after.gate.data;
    const copies = copied(gate, attention, memory.first);
    const width = size + memory.extra;
    const trace = { attention, copying: copies };
    return { scores: mixture(scores, gate, copies, memory, size), width, state: next, trace };
  }

  /** Returns the inputs with which the step scores K pieces; see `seq2seq.deployment.web_step`. */
  among(pieces) {
    const { step } = this.graphs;
    const { table } = this.separate;
    const count = pieces.length;
    return {
      weights: new step.ort.Tensor(table.precision, table.columns(pieces), [table.width, count]),
      scales: step.floats(Float32Array.from(pieces, (piece) => table.scales[piece]), count),
      bias: step.floats(Float32Array.from(pieces, (piece) => table.biases[piece]), count),
    };
  }

  /**
   * Computes one step of a model with a separate output layer.
   *
   * @param {number[]} pieces - [N], the last piece of each row.
   * @param {State} state
   * @param {Memory} memory
   * @param {object} among - the pieces to score, from `among`.
   * @param {"scores" | "readout"} wanted - the output of the graph that is needed.
   * @returns {Promise<{result: object, state: State, trace: Trace}>} `result` is that output, a tensor.
   */
  async separateStep(pieces, state, memory, among, wanted) {
    const rows = pieces.length;
    const embedded = this.separate.embedded(pieces);
    const given = { embedded: this.graphs.step.floats(embedded, rows, embedded.length / rows), ...among };
    const unread = wanted === "scores" ? "readout" : "scores";
    const { after, attention, next } = await this.#stepped(given, rows, state, memory, unread);
    return { result: after[wanted], state: next, trace: { attention, copying: null } };
  }

  /** Runs the step's graph; returns its outputs, the attention and the next state. */
  async #stepped(given, rows, state, memory, unread) {
    const graph = this.graphs.step;
    const { hiddenSize, decoderLayers, coverage, readoutWidth } = this.options;
    const after = await graph.run(
      {
        ...given,
        hidden: graph.floats(state.hidden, rows, decoderLayers, hiddenSize),
        cell: graph.floats(state.cell, rows, decoderLayers, hiddenSize),
        feed: state.feed.length ? graph.floats(state.feed, rows, readoutWidth) : undefined,
        read: coverage ? graph.floats(state.read, rows, memory.length) : undefined,
        keys: memory.keys,
        values: memory.values,
        is_token: memory.is_token,
      },
      unread,
    );
    const attention = after.attention?.data ?? new Float32Array(0);
    const read = coverage ? state.read.map((sum, place) => sum + attention[place]) : state.read;
    const next = new State(rows, after.hidden.data, after.cell.data, after.feed?.data ?? state.feed, read);
    return { after, attention, next };
  }

  /** Returns the state of a language model after reading pieces, for one row. */
  async read(ids, state) {
    const graph = this.graphs.read;
    const { hiddenSize, decoderLayers } = this.options;
    const after = await graph.run({
      ids: graph.ids(ids, 1, ids.length),
      hidden: graph.floats(state.hidden, 1, decoderLayers, hiddenSize),
      cell: graph.floats(state.cell, 1, decoderLayers, hiddenSize),
    });
    return new State(1, after.hidden.data, after.cell.data, state.feed, state.read);
  }
}
