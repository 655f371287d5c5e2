/**
 * Decodes left to right: one loop for greedy search, sampling and the continuation of prompts. The counterpart of
 * `seq2seq.decoding.left_to_right`. A text that has ended leaves the batch.
 */

import { Constraints } from "./constraints.js";
import { hypothesisOf } from "./hypothesis.js";
import { coveragePenalty, lengthPenalty, refuseNaN } from "./penalties.js";
import { chooser } from "./sampling.js";

/** The unfinished texts of one source or prompt, one per row. */
export class Texts {
  /**
   * @param {object} parts
   * @param {import("./network.js").Network} parts.network
   * @param {import("./network.js").Memory} parts.memory
   * @param {import("./network.js").State} parts.state
   * @param {import("./constraints.js").Constraints} parts.constraints
   * @param {object} parts.chooser
   * @param {number[]} parts.tokens - the last piece of each text.
   * @param {number[][]} parts.histories - the pieces that constraints look at, without the last.
   * @param {number} [parts.length] - number of pieces generated so far.
   * @param {object | null} [parts.ranking] - options of search for the scores; null ranks by log probability.
   */
  constructor({ network, memory, state, constraints, chooser: chosen, tokens, histories, length = 0, ranking = null }) {
    Object.assign(this, { network, memory, state, constraints, chooser: chosen, tokens, histories, length, ranking });
    this.numbers = tokens.map((_, row) => row);
    this.values = tokens.map(() => 0);
    this.penalized = tokens.map(() => 0);
    // A text without a source has no attention to remember, and may be endless.
    this.links = tokens.map(() => null);
  }

  /** Generates one more piece of each text. */
  async advance() {
    const step = await this.network.step(this.tokens, this.state, this.memory);
    const { scores, width } = step;
    const allowed = this.constraints.changesScores ? scores.slice() : scores;
    this.state = step.state;
    this.constraints.apply(allowed, width, this.histories, this.length);
    this.tokens = this.chooser.choose(this.tokens.map((_, row) => allowed.subarray(row * width, (row + 1) * width)));
    this.values = this.tokens.map((token, row) => scores[row * width + token]);
    this.values.forEach(refuseNaN);
    this.penalized = this.penalized.map((sum, row) => Math.fround(sum + allowed[row * width + this.tokens[row]]));
    if (this.memory.length) {
      this.links = this.tokens.map((token, row) => {
        return { before: this.links[row], token, trace: step.trace, row, value: this.values[row] };
      });
    }
    this.length++;
  }

  /** Removes the texts that have ended, and adds the others' last pieces to their histories. */
  leave(longest = Infinity) {
    const kept = this.tokens.flatMap((token, row) => (token === this.constraints.end ? [] : [row]));
    if (kept.length < this.tokens.length) {
      for (const name of ["numbers", "tokens", "histories", "values", "penalized", "links"]) {
        this[name] = kept.map((row) => this[name][row]);
      }
      this.state = this.state.select(kept);
      this.chooser.select(kept);
    }
    this.histories = this.histories.map((history, row) => [...history, this.tokens[row]].slice(-longest));
  }

  /** Returns the number and the hypothesis of each text that has just ended. */
  ended() {
    return this.tokens.flatMap((token, row) => {
      if (token !== this.constraints.end) return [];
      const hypothesis = hypothesisOf(this.links[row], 0, this.memory);
      hypothesis.score = hypothesis.logProbability;
      if (this.ranking) {
        hypothesis.score = Math.fround(this.penalized[row] / lengthPenalty(this.length, this.ranking));
        if (this.ranking.coverageBeta) {
          hypothesis.score += coveragePenalty(this.#coverage(row), this.ranking.coverageBeta);
        }
      }
      return [{ number: this.numbers[row], hypothesis }];
    });
  }

  /** Returns the attention of all steps of a text, summed; the last one is that of the end token. */
  #coverage(row) {
    const { length } = this.memory;
    const sums = new Float32Array(length);
    for (let link = this.links[row]; link; link = link.before) {
      for (let place = 0; place < length; place++) sums[place] += link.trace.attention[link.row * length + place];
    }
    return sums;
  }
}

/**
 * Generates outputs of one source, by greedy search or sampling.
 *
 * @param {object} request
 * @param {import("./network.js").Network} request.network
 * @param {import("./network.js").Memory} request.memory
 * @param {{ids: number[], copies: number[]}} request.source
 * @param {import("./tokenizer.js").Tokenizer} request.target
 * @param {object} request.search - constraints, and the penalties for the score of greedy search.
 * @param {object | null} request.sampling - options of sampling; null for greedy search.
 * @param {bigint[]} request.numbers - of the samples; seed and number together determine a sample.
 * @param {import("./pauses.js").Pauses} request.pauses
 * @param {(ids: number[]) => void} [request.onPieces] - called with the pieces of the first text before each pause.
 * @returns {Promise<import("./hypothesis.js").Hypothesis[]>} one for each number.
 */
export async function write({ network, memory, source, target, search, sampling, numbers, pauses, onPieces }) {
  const { ids, copies } = source;
  const texts = new Texts({
    network,
    memory,
    state: network.start(memory, numbers.length),
    constraints: new Constraints(target, search, { length: ids.length, copies }, memory.extra > 0),
    chooser: chooser(sampling, numbers),
    tokens: numbers.map(() => target.start),
    histories: numbers.map(() => []),
    ranking: sampling ? null : search,
  });
  const hypotheses = new Array(numbers.length);
  while (texts.tokens.length) {
    await texts.advance();
    for (const { number, hypothesis } of texts.ended()) hypotheses[number] = hypothesis;
    texts.leave();
    if (onPieces && pauses.isDue && texts.numbers[0] === 0) onPieces(texts.histories[0]);
    await pauses.take();
  }
  return hypotheses;
}
