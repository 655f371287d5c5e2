/** A language model, which continues a prompt; the counterpart of `seq2seq.models.language_model`. */

import { IncrementalText } from "./incremental_text.js";
import { continuePrompt } from "./prompt_continuation.js";
import { last, prompted } from "./token_healing.js";

const SAMPLE_BITS = 40n;
/** Most pieces of a prompt that are read, counted from its end. */
const LONGEST_PROMPT = 16384;

export class LanguageModel {
  /**
   * @param {object} parts
   * @param {import("./network.js").Network} parts.network
   * @param {{target: import("./tokenizer.js").Tokenizer}} parts.tokenizers
   * @param {import("./sources.js").Reader} parts.reader
   * @param {symbol | null} parts.begin - the mark before the first piece; null for the start token. A model that begins
   *     with a mark was trained on one continuous text, so its texts have no end.
   */
  constructor({ network, tokenizers, reader, begin }) {
    Object.assign(this, { network, tokenizers, reader });
    this.hasEnd = begin === null;
    this.begin = begin === null ? tokenizers.target.start : tokenizers.target.marks.get(begin);
  }

  /**
   * Continues a prompt.
   *
   * @param {string} text
   * @param {import("./decoding_options.js").Decoding} decoding
   * @param {object} call
   * @param {import("./pauses.js").Pauses} call.pauses
   * @param {(text: string) => void} [call.onText] - called with the first continuation so far.
   * @returns {Promise<{outputs: object[], source: {pieces: string[], wasCut: boolean}, prompt: string}>} the outputs do
   *     not include `prompt`, the prompt as it is read.
   */
  async decode(text, decoding, { pauses, onText }) {
    const { search, sampling, count } = decoding;
    const { target } = this.tokenizers;
    const read = this.reader.source(text);
    const prompt = last(prompted(read, target), LONGEST_PROMPT);
    const growing = Array.from({ length: count }, () => new Continuation(prompt, target));
    const steps = continuePrompt({
      network: this.network,
      prompt,
      target,
      search,
      sampling,
      begin: this.begin,
      hasEnd: this.hasEnd,
      numbers: growing.map((_, draw) => BigInt(draw) << SAMPLE_BITS),
    });
    for await (const pieces of steps) {
      for (const piece of pieces) growing[piece.row].add(piece);
      if (onText && pieces[0].row === 0) onText(growing[0].text);
      await pauses.take();
    }
    growing.forEach((continuation) => continuation.end());
    return {
      outputs: growing.map((continuation) => continuation.output()),
      source: { pieces: prompt.ids.map((id) => target.piece(id)), wasCut: prompt.lost > 0 },
      prompt: read,
    };
  }
}

/** A growing continuation of a prompt. */
class Continuation {
  #written = null; // set when the first piece determines the seam

  constructor(prompt, target) {
    Object.assign(this, { prompt, target, text: "", ids: [], logProbability: 0, count: 0 });
  }

  add({ token, logProbability, seam }) {
    this.logProbability += logProbability;
    this.count++;
    if (token === this.target.end) return;
    let again = "";
    if (!this.#written) {
      again = this.prompt.seams[seam].text;
      this.#written = new IncrementalText(this.target, this.prompt.ids.slice(0, this.prompt.seams[seam].kept));
    }
    this.ids.push(token);
    const part = this.#written.add(token);
    this.text += part.startsWith(again) ? part.slice(again.length) : part;
  }

  end() {
    this.text += this.#written?.end() ?? "";
  }

  output() {
    return {
      text: this.text,
      ids: this.ids,
      pieces: this.ids.map((id) => this.target.piece(id)),
      score: this.logProbability / Math.max(1, this.count),
      ranking: this.logProbability,
      logProbability: this.logProbability,
      attention: [],
      copyShares: [],
      copied: [],
    };
  }
}
