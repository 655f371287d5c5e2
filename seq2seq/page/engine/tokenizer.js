/**
 * Tokenizers: a sentencepiece model with special tokens whose ids follow its pieces. The counterpart of
 * `seq2seq.tokenization.tokenizer`.
 *
 * A text is a string, or an array of strings and marks. Marks are symbols, so no user can type one; a line break in a
 * string stands for `LINE`.
 */

import { BLANK } from "./segmentation.js";
import { SentencePiece } from "./sentencepiece.js";

export const TURN = Symbol("turn");
export const SPEAKER = Symbol("speaker");
export const LINE = Symbol("line");
/** Text of each mark. */
export const WRITTEN = new Map([
  [TURN, "\n"],
  [SPEAKER, ": "],
  [LINE, "\n"],
]);

// sentencepiece spells a space as U+2581, so U+2581 in a text is encoded as a code point that texts cannot contain.
const STAND_IN = "\ufdd0";
const TAB = "\ufdd1";
const UNSPEAKABLE = /[\ufdd0\ufdd1]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// sentencepiece joins neighbouring unknown words into one piece.
const UNKNOWN = /\u2581[^\u2581]*|[^\u2581]/gu;

export class Tokenizer {
  /** @param {object} description - of one tokenizer in pieces.json: the `SentencePiece` and the special `ids`. */
  constructor(description) {
    const { padding, start, end, turn, speaker, line } = description.ids;
    this.model = new SentencePiece(description);
    this.pieceCount = this.model.size;
    this.vocabularySize = this.pieceCount + Object.keys(description.ids).length;
    Object.assign(this, { padding, start, end, unknown: this.model.unknown });
    this.marks = new Map([
      [TURN, turn],
      [SPEAKER, speaker],
      [LINE, line],
    ]);
    this.names = new Map([
      [padding, "<padding>"],
      [start, "<start>"],
      [end, "<end>"],
      [turn, "<turn>"],
      [speaker, "<speaker>"],
      [line, "<line>"],
    ]);
    this.hasPrefix = description.addsPrefix;
    this.hasBytes = this.model.byteOf.size > 0;
    this.hasTab = (this.model.ids.get(TAB) ?? this.unknown) !== this.unknown;
    this.strings = new Map([...this.marks].map(([mark, id]) => [id, WRITTEN.get(mark)]));
    this.idsByPiece = new Map([...this.model.ids].filter(([, id]) => id !== this.unknown));
  }

  /**
   * Encodes a text.
   *
   * @param {string | (string | symbol)[]} text
   * @returns {number[]} ids, without start and end.
   */
  encode(text) {
    return this.#encoded(text).map(({ id }) => id);
  }

  /** Returns the spellings of a text's unknown pieces, in order. */
  unknowns(text) {
    return this.#encoded(text)
      .filter(({ id }) => id === this.unknown)
      .map(({ spelling }) => spelling);
  }

  #encoded(text) {
    return this.#parts(text).flatMap((part) => {
      if (typeof part === "symbol") return [{ id: this.marks.get(part), spelling: "" }];
      return this.model.encode(part).flatMap((piece) => {
        if (piece.id !== this.unknown) return [piece];
        return piece.spelling.match(UNKNOWN).map((spelling) => ({ id: this.unknown, spelling }));
      });
    });
  }

  /** Returns marks, line breaks included, and the strings between them, of which none is empty. */
  #parts(text) {
    const parts = [];
    let joined = "";
    for (const part of [...(typeof text === "string" ? [text] : text), null]) {
      if (typeof part === "string") {
        joined += part;
        continue;
      }
      joined = joined.replace(UNSPEAKABLE, "\ufffd").replaceAll(BLANK, STAND_IN);
      if (this.hasTab) joined = joined.replaceAll("\t", TAB);
      joined.split("\n").forEach((line, number) => {
        if (number) parts.push(LINE);
        if (line) parts.push(line);
      });
      joined = "";
      if (part !== null) parts.push(part);
    }
    return parts;
  }

  /**
   * Decodes ids.
   *
   * @param {number[]} ids
   * @param {string[]} words - spellings of the ids above the vocabulary, see `copy_table.js`.
   * @returns {string} marks are line breaks and colons; other special tokens have no text.
   */
  decode(ids, words = []) {
    let text = "";
    let run = [];
    for (const id of [...ids, this.padding]) {
      if (id < this.pieceCount || id >= this.vocabularySize) run.push(id);
      else {
        text += this.#joined(run, words) + (this.strings.get(id) ?? "");
        run = [];
      }
    }
    return restored(text);
  }

  #joined(run, words) {
    if (run.every((id) => id < this.vocabularySize)) return this.model.decode(run);
    const spelt = run.map((id) => (id === this.unknown ? this.model.model.unknownText : this.piece(id, words)));
    const text = spelt.join("").replaceAll(BLANK, " ");
    return this.hasPrefix && text.startsWith(" ") ? text.slice(1) : text;
  }

  /** Returns the spelling of an id for display; special tokens are in angle brackets. */
  piece(id, words = []) {
    if (id >= this.vocabularySize) return words[id - this.vocabularySize];
    return this.names.get(id) ?? this.model.model.pieces[id];
  }

  /** Returns whether an id is a mark or another special token. */
  isSpecial(id) {
    return id >= this.pieceCount && id < this.vocabularySize;
  }

  /** Returns the model's spelling of a piece; "" for the unknown piece and special tokens. */
  spelling(id) {
    return id < this.pieceCount && id !== this.unknown ? this.model.model.pieces[id] : "";
  }

  /** Returns the text that an id, which is not a byte, adds to an output; words begin with their space. */
  surface(id, words = []) {
    if (id >= this.vocabularySize) return written(words[id - this.vocabularySize]);
    return this.isSpecial(id) ? this.strings.get(id) ?? "" : restored(this.model.surface(id));
  }
}

/** Returns the text of a piece's spelling. */
export function written(spelling) {
  return restored(spelling.replaceAll(BLANK, " "));
}

function restored(text) {
  return text.replaceAll(STAND_IN, BLANK).replaceAll(TAB, "\t");
}

/**
 * Builds the tokenizers of a model.
 *
 * @param {object} descriptions - contents of pieces.json: `joint`, or `source` and `target`.
 * @returns {{source: Tokenizer, target: Tokenizer}}
 */
export function tokenizersOf(descriptions) {
  if (descriptions.joint) {
    const joint = new Tokenizer(descriptions.joint);
    return { source: joint, target: joint };
  }
  return { source: new Tokenizer(descriptions.source), target: new Tokenizer(descriptions.target) };
}
