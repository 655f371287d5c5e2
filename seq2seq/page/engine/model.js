/**
 * Loads an exported model into a page and decodes with it:
 *
 *     const model = await load({ ort, base: new URL("./model/", import.meta.url) });
 *     const { outputs } = await model.decode("Ein Mann läuft.");
 *
 * The files are described in `seq2seq.deployment.web_model`.
 */

import { copyTable } from "./copy_table.js";
import { decodingOf } from "./decoding_options.js";
import { LanguageModel } from "./language_model.js";
import { Graph, Network } from "./network.js";
import { Pauses } from "./pauses.js";
import { SeparateOutput } from "./shortlist.js";
import { Reader } from "./sources.js";
import { SourceModel } from "./source_model.js";
import { LINE, TURN, tokenizersOf } from "./tokenizer.js";

const FORMAT = 1;

/**
 * Loads a model.
 *
 * @param {object} request
 * @param {object} request.ort - the module of onnxruntime-web, set up by the caller.
 * @param {URL | string} request.base - address of the folder of the files, which ends with a slash.
 * @param {(address: string) => Promise<ArrayBuffer>} [request.read] - reads a file; by default `fetch`.
 * @param {(done: number, total: number) => void} [request.onProgress] - called with the numbers of bytes.
 * @returns {Promise<Model>}
 * @throws {Error} If a file is missing or damaged; its message is for the user.
 */
export async function load({ ort, base, read, onProgress }) {
  const address = (name) => new URL(name, base).href;
  const description = parsed(await (read ?? fetched)(address("model.json")), "model.json");
  if (description.format !== FORMAT) {
    throw new Error(`The model has format ${description.format}, but the page reads format ${FORMAT}: export it again.`);
  }
  const total = Object.values(description.files).reduce((sum, size) => sum + size, 0);
  const done = new Map();
  const readings = Object.entries(description.files).map(async ([name, size]) => {
    const progress = (bytes) => {
      done.set(name, bytes);
      onProgress?.([...done.values()].reduce((sum, part) => sum + part, 0), total);
    };
    const content = await (read ?? fetched)(address(name), progress);
    if (content.byteLength !== size) {
      throw new Error(`${name} has ${content.byteLength} bytes instead of ${size}: load the page again.`);
    }
    progress(size);
    return [name, content];
  });
  const contents = new Map(await Promise.all(readings));
  const tokenizers = tokenizersOf(parsed(contents.get("pieces.json"), "pieces.json"));
  const separate = separateOutput(description, contents, tokenizers);
  const graphs = {};
  for (const [name, content] of contents) {
    if (name.endsWith(".onnx")) graphs[name.slice(0, -".onnx".length)] = await Graph.of(ort, content, name);
  }
  return new Model(description, tokenizers, graphs, separate);
}

/** A loaded model. */
export class Model {
  #model;
  #defaults;
  #isBusy = false;

  constructor(description, tokenizers, graphs, separate) {
    const { kind, task, info, network: options, reader: readerOptions, search, sampling } = description;
    Object.assign(this, { kind, task, info });
    const { source, target } = tokenizers;
    const vocabulary = {
      size: target.vocabularySize,
      unknown: target.unknown,
      copies: options.copying ? copyTable(tokenizers) : [],
      boundaries: [TURN, LINE].map((mark) => source.marks.get(mark)),
    };
    const network = new Network(graphs, options, vocabulary, separate);
    const reader = new Reader(readerOptions);
    this.#defaults = { search, sampling };
    this.#model =
      kind === "text"
        ? new LanguageModel({ network, tokenizers, reader, begin: readerOptions.begin === "line" ? LINE : null })
        : new SourceModel({ network, tokenizers, reader, bySentence: description.bySentence });
  }

  /**
   * Finds outputs for a text, or continuations of a prompt.
   *
   * @param {string} text
   * @param {object} [options] - by default the model's own.
   * @param {"beam" | "greedy" | "sample"} [options.method]
   * @param {number} [options.beamSize]
   * @param {number} [options.count] - number of outputs.
   * @param {number} [options.temperature]
   * @param {number} [options.topP]
   * @param {number} [options.topK]
   * @param {number} [options.minP]
   * @param {number | bigint} [options.seed]
   * @param {number} [options.maxLength] - 0: as the model limits it, or no limit for a language model.
   * @param {"none" | "average" | "gnmt"} [options.lengthPenalty]
   * @param {string[]} [options.history] - the earlier turns of a conversation, oldest first.
   * @param {string[]} [options.persona] - facts about the model in a conversation, one per line.
   * @param {(text: string) => void} [options.onText] - called with the text so far.
   * @param {AbortSignal} [options.signal] - stops between two steps.
   * @returns {Promise<{outputs: Output[], source: {pieces: string[], wasCut: boolean}, prompt?: string}>} best first;
   *     samples are in the order drawn. `prompt` is the prompt of a language model as it is read.
   *
   * @typedef {object} Output
   * @property {string} text - of a language model, without the prompt.
   * @property {number[]} ids
   * @property {string[]} pieces - [T]
   * @property {number} score - natural logarithm of the probability per piece, end token included.
   * @property {number} ranking - the score by which a search ranks: the log probability with its penalties.
   * @property {number} logProbability
   * @property {number[][]} attention - [T][S]; [] without attention.
   * @property {boolean[]} copied - [T], whether each piece was copied; [] without copying.
   * @property {number[]} copyShares - [T], the share of each piece's probability that is due to copying.
   */
  async decode(text, options = {}) {
    if (typeof text !== "string") throw new Error("A text is needed.");
    const decoding = decodingOf(this.#defaults, options, this.kind !== "text");
    // A session computes one step at a time.
    if (this.#isBusy) throw new Error("The model is still writing: wait for its output, or stop it.");
    this.#isBusy = true;
    try {
      const pauses = new Pauses(options.signal);
      await pauses.take();
      const { history = [], persona = [], onText } = options;
      const result = await this.#model.decode(text, decoding, { history, persona, pauses, onText });
      onText?.(result.outputs[0].text); // a search shows its best hypothesis so far, which may be beaten at the end
      return result;
    } finally {
      this.#isBusy = false;
    }
  }
}

/** Returns the output layer of a model with a shortlist, or null. */
function separateOutput({ shortlist, network }, contents, { source, target }) {
  if (!shortlist) return null;
  const tables = Object.fromEntries(
    ["output", "embedding", "candidates"].map((name) => [name, contents.get(`${name}.bin`)]),
  );
  const sizes = { sources: source.vocabularySize, size: target.vocabularySize, width: network.readoutWidth };
  return new SeparateOutput(tables, shortlist, sizes);
}

function parsed(content, name) {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    throw new Error(`${name} is damaged: load the page again.`);
  }
}

/** Reads a file, and reports its bytes as they come. */
async function fetched(address, onBytes) {
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error(`${address} could not be read: check the connection, and load the page again.`);
  }
  if (!response.ok) throw new Error(`${address} could not be read (${response.status}): load the page again.`);
  const parts = [];
  let size = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    onBytes?.(size);
  }
  return new Blob(parts).arrayBuffer();
}
