/**
 * Constraints on outputs: forbidden pieces get a score of minus infinity before search or sampling. The counterpart of
 * `seq2seq.decoding.constraints`, for the rows of one source.
 */

import { LINE, SPEAKER, TURN } from "./tokenizer.js";
import { ByteSuccessors, LONGEST } from "./utf8.js";

const MOST = 2 ** 31;

export class Constraints {
  /**
   * @param {import("./tokenizer.js").Tokenizer} target
   * @param {object} options - of search, as in model.json.
   * @param {object} source
   * @param {number} source.length - number of its pieces, which limits the output.
   * @param {number[]} [source.copies] - the target id that each position copies, to block n-grams of the source.
   * @param {boolean} isUnknownBanned - whether to forbid the unknown piece.
   * @param {boolean} hasEnd - whether the model was trained with an end token.
   */
  constructor(target, options, source, isUnknownBanned = false, hasEnd = true) {
    Object.assign(this, { options, hasEnd });
    this.end = target.end;
    // The line break is the only mark allowed in an output.
    this.banned = [target.padding, target.start, target.marks.get(TURN), target.marks.get(SPEAKER)];
    if (isUnknownBanned) this.banned.push(target.unknown);
    this.bytes = target.hasBytes ? successors(target) : null;
    if (this.bytes) this.banned.push(...this.bytes.lost);
    this.limit = options.maxLength || MOST;
    if (!options.maxLength && options.maxLengthRatio !== undefined) {
      const longest = Math.trunc(Math.fround(source.length * Math.fround(options.maxLengthRatio)));
      this.limit = longest + options.maxLengthExtra;
    }
    this.limit = Math.max(this.limit, options.minLength);
    this.sourceNgrams = null;
    if (options.noRepeatSourceNgram) {
      const apart = [target.padding, target.marks.get(LINE)];
      this.sourceNgrams = ngrams(source.copies, options.noRepeatSourceNgram).filter(
        (gram) => !gram.some((id) => apart.includes(id)),
      );
    }
  }

  /** Returns whether the scores of allowed pieces may change. */
  get changesScores() {
    return this.options.repetitionPenalty !== 1;
  }

  /** Returns whether a text of a length may end even if other pieces are allowed. */
  mayEnd(length) {
    return this.hasEnd && length >= this.options.minLength;
  }

  /**
   * Forbids pieces and penalises repeated ones, in place.
   *
   * @param {Float32Array} scores - [N * width].
   * @param {number} width
   * @param {number[][]} histories - the pieces of each row so far.
   * @param {number} length - number of pieces generated so far; a history may also include a prompt.
   */
  apply(scores, width, histories, length) {
    histories.forEach((history, row) => {
      this.#applyTo(scores.subarray(row * width, (row + 1) * width), history, length);
    });
  }

  #applyTo(scores, history, length) {
    const { options, end } = this;
    if (length >= this.limit) {
      const value = scores[end];
      scores.fill(-Infinity);
      scores[end] = value;
      return;
    }
    if (this.changesScores) for (const id of new Set(history)) scores[id] *= options.repetitionPenalty;
    const state = this.bytes ? this.bytes.state(history) : 0;
    let completing = null;
    if (state) {
      completing = new Float32Array(scores.length).fill(-Infinity);
      for (const id of this.bytes.allowed(state)) completing[id] = scores[id];
      scores.set(completing);
    } else {
      for (const id of this.banned) scores[id] = -Infinity;
      if (this.bytes) this.#forbidLongCharacters(scores, length);
    }
    if (options.noRepeatNgram) blockRepeats(scores, history, options.noRepeatNgram);
    if (this.sourceNgrams) blockCopies(scores, history, this.sourceNgrams, options.noRepeatSourceNgram);
    if (!this.mayEnd(length)) {
      const value = scores[end];
      scores[end] = -Infinity;
      if (isStuck(scores)) scores[end] = value;
    }
    if (completing && isStuck(scores)) scores.set(completing);
  }

  /** Forbids the first bytes of characters that would exceed the limit. */
  #forbidLongCharacters(scores, length) {
    const left = this.limit - length;
    if (left >= LONGEST) return;
    this.bytes.leads.forEach((ids, place) => {
      if (left <= place + 1) for (const id of ids) scores[id] = -Infinity;
    });
  }
}

const known = new WeakMap();

function successors(target) {
  if (!known.has(target)) known.set(target, new ByteSuccessors(target.model.idOfByte));
  return known.get(target);
}

function isStuck(scores) {
  return scores.every((score) => score === -Infinity);
}

/** Returns the n-grams of a source. */
function ngrams(ids, length) {
  const grams = [];
  for (let begin = 0; begin + length <= ids.length; begin++) grams.push(ids.slice(begin, begin + length));
  return grams;
}

/** Forbids every piece that would repeat an n-gram of the text (Paulus et al. 2018). */
function blockRepeats(scores, history, size) {
  blockCopies(scores, history, ngrams(history, size), size);
}

/** Forbids every piece that would complete one of some n-grams. */
function blockCopies(scores, history, grams, size) {
  if (history.length < size - 1) return;
  const begun = size > 1 ? history.slice(1 - size) : [];
  for (const gram of grams) {
    if (begun.every((id, place) => id === gram[place])) scores[gram[size - 1]] = -Infinity;
  }
}
