/**
 * Which target ids the pieces of a source copy; the counterpart of `seq2seq.tokenization.copy_table`.
 *
 * If the target has no byte fallback, each source extends the vocabulary by its words that the target lacks (See et al.
 * 2017, section 2.2); their ids follow the vocabulary.
 */

import { LINE } from "./tokenizer.js";

/**
 * Returns the target id that each source id copies, or padding if it cannot be copied.
 *
 * @param {{source: import("./tokenizer.js").Tokenizer, target: import("./tokenizer.js").Tokenizer}} tokenizers
 * @returns {number[]}
 */
export function copyTable({ source, target }) {
  const copies = Array.from({ length: source.vocabularySize }, (_, id) => {
    return source === target ? id : target.idsByPiece.get(source.piece(id)) ?? target.padding;
  });
  for (const id of [source.unknown, source.padding, source.start, source.end, ...source.marks.values()]) {
    copies[id] = target.padding;
  }
  copies[source.marks.get(LINE)] = target.marks.get(LINE);
  return copies;
}

/** Assigns ids above the vocabulary to the unknown words of sources, for a target without byte fallback. */
export class Extension {
  constructor(tokenizers) {
    this.tokenizers = tokenizers;
    this.table = copyTable(tokenizers);
  }

  /**
   * Returns what can be copied from a source.
   *
   * @param {number[]} ids - of the source.
   * @param {string[]} unknowns - the spellings of its unknown pieces, in order.
   * @returns {{copies: number[], words: string[]}} `words` are the spellings of the ids above the vocabulary.
   */
  of(ids, unknowns) {
    const { source, target } = this.tokenizers;
    const words = [];
    let next = 0;
    const copies = ids.map((id) => {
      const spelling = id === source.unknown ? unknowns[next++] ?? "" : "";
      const copy = spelling ? target.idsByPiece.get(spelling) ?? target.padding : this.table[id];
      // A piece that only the source's vocabulary has counts as a word, too, but a special token does not.
      const word = spelling || source.spelling(id);
      if (copy !== target.padding || !word) return copy;
      if (!words.includes(word)) words.push(word);
      return target.vocabularySize + words.indexOf(word);
    });
    return { copies, words };
  }
}

/** Returns the spellings of the unknown pieces that a shortened source keeps, in order. */
export function unknownsKept(tokenizer, text, whole, kept) {
  if (!whole.includes(tokenizer.unknown)) return [];
  const spelt = tokenizer.unknowns(text);
  const places = whole.flatMap((id, place) => (id === tokenizer.unknown ? [place] : []));
  return kept.flatMap((place) => {
    const number = places.indexOf(place);
    return number < 0 ? [] : [spelt[number]];
  });
}
