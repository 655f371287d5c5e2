/** Decodes pieces one at a time; the counterpart of `seq2seq.tokenization.incremental_text`. */

import { decodedPart } from "./utf8.js";

export class IncrementalText {
  #bytes = [];

  /**
   * @param {import("./tokenizer.js").Tokenizer} target
   * @param {number[]} before - pieces to continue from; empty for a new text.
   * @param {string[]} words - spellings of the ids above the vocabulary.
   */
  constructor(target, before = [], words = []) {
    Object.assign(this, { target, words });
    this.isBegin = before.length === 0 || target.isSpecial(before.at(-1));
  }

  /** Returns the text that a piece adds; "" if more bytes of a character are missing. */
  add(id) {
    const { target, isBegin } = this;
    this.isBegin = target.isSpecial(id);
    if (target.model.byteOf.has(id)) {
      this.#bytes.push(target.model.byteOf.get(id));
      return this.#characters(false);
    }
    const added = target.surface(id, this.words);
    const isPrefixed = isBegin && target.hasPrefix && !this.isBegin && added.startsWith(" ");
    return this.end() + (isPrefixed ? added.slice(1) : added);
  }

  /** Returns the text of an incomplete character at the end. */
  end() {
    return this.#characters(true);
  }

  #characters(isOver) {
    const { text, rest } = decodedPart(this.#bytes, isOver);
    this.#bytes = rest;
    return text;
  }
}
