/**
 * A sentencepiece model: text to pieces and back. It gives the ids and texts of the library for BPE, unigram, word and
 * character models, with and without byte fallback (Kudo and Richardson 2018).
 */

import { CharacterMap } from "./character_map.js";
import { BLANK, likeliestPath, merge, words } from "./segmentation.js";
import { charactersOf, decoded } from "./utf8.js";

const encoder = new TextEncoder();

export class SentencePiece {
  /**
   * @param {object} model - from pieces.json, see `seq2seq.deployment.web_pieces`.
   * @param {"bpe" | "unigram" | "word" | "char"} model.kind
   * @param {string[]} model.pieces - spelling of each id.
   * @param {number[]} model.scores - score of each id.
   * @param {number} model.unknown - id of the unknown piece.
   * @param {number[]} model.control - ids without text.
   * @param {number[]} model.unused - ids that are not used for encoding.
   * @param {number[]} model.bytes - ids of the byte pieces.
   * @param {boolean} model.byteFallback - whether unknown characters are spelt in bytes.
   * @param {boolean} model.addsPrefix - whether a space is added before a text.
   * @param {boolean} model.removesSpaces - whether spaces around a text and repeated spaces are removed.
   * @param {string} model.characterMap - table of replacements in base64; "" without.
   * @param {string} model.unknownText - text of the unknown piece.
   */
  constructor(model) {
    this.model = model;
    this.size = model.pieces.length;
    this.unknown = model.unknown;
    this.control = new Set(model.control);
    this.byteOf = new Map(model.bytes.map((id) => [id, parseInt(model.pieces[id].slice(3, 5), 16)]));
    this.idOfByte = new Map([...this.byteOf].map(([id, byte]) => [byte, id]));
    this.ids = new Map(model.pieces.map((piece, id) => [piece, id]));
    this.map = model.characterMap ? new CharacterMap(model.characterMap) : null;

    const unused = new Set(model.unused);
    const special = new Set([model.unknown, ...model.control, ...model.bytes]);
    this.scores = new Map();
    this.unused = new Set();
    this.longest = 0;
    this.least = Infinity;
    model.pieces.forEach((piece, id) => {
      if (special.has(id)) return;
      if (unused.has(id)) this.unused.add(piece);
      else this.least = Math.min(this.least, model.scores[id]);
      if (unused.has(id) && model.kind === "unigram") return;
      this.scores.set(piece, model.scores[id]);
      this.longest = Math.max(this.longest, charactersOf(piece).length);
    });
  }

  /**
   * Encodes a text.
   *
   * @param {string} text - without unpaired surrogates.
   * @returns {{id: number, spelling: string}[]} neighbouring unknown pieces are one, as in the library.
   */
  encode(text) {
    const pieces = [];
    for (const spelling of this.#segments(charactersOf(this.normalized(text)))) {
      const id = this.ids.get(spelling) ?? this.unknown;
      const last = pieces.at(-1);
      if (id !== this.unknown) pieces.push({ id, spelling });
      else if (this.model.byteFallback) {
        for (const byte of encoder.encode(spelling)) {
          const own = this.idOfByte.get(byte);
          pieces.push({ id: own, spelling: this.model.pieces[own] });
        }
      } else if (last?.id === this.unknown) last.spelling += spelling;
      else pieces.push({ id, spelling });
    }
    return pieces;
  }

  #segments(characters) {
    switch (this.model.kind) {
      case "bpe":
        return merge(characters, this.scores, this.unused);
      case "unigram":
        return likeliestPath(characters, this.scores, this.longest, this.least);
      case "word":
        return words(characters);
      default:
        return characters;
    }
  }

  /** Returns a text as the segmentation reads it. */
  normalized(text) {
    const { addsPrefix, removesSpaces } = this.model;
    let parts = this.map ? this.map.replaced(text) : [text];
    if (removesSpaces) {
      parts = (this.map ? parts : charactersOf(text)).slice();
      while (parts[0] === " ") parts.shift();
      let isAfterSpace = true;
      parts = parts.map((part) => {
        const kept = isAfterSpace ? part.replace(/^ +/, "") : part;
        if (kept) isAfterSpace = kept.endsWith(" ");
        return kept;
      });
    }
    const joined = parts.join("");
    if (text === "" || (removesSpaces && joined === "")) return "";
    const spelt = (addsPrefix ? BLANK : "") + joined.replaceAll(" ", BLANK);
    return removesSpaces ? spelt.replace(/\u2581+$/, "") : spelt;
  }

  /**
   * Decodes ids of this model.
   *
   * @param {number[]} ids
   * @returns {string}
   */
  decode(ids) {
    const { addsPrefix, removesSpaces } = this.model;
    let text = "";
    let bytes = [];
    let isBegin = addsPrefix || removesSpaces;
    const flush = () => {
      text += decoded(bytes);
      bytes = [];
    };
    for (const id of ids) {
      if (this.byteOf.has(id)) {
        bytes.push(this.byteOf.get(id));
        continue;
      }
      flush();
      let spelling = this.surface(id);
      isBegin &&= text === "";
      if (isBegin && spelling.startsWith(" ") && id !== this.unknown) {
        spelling = spelling.slice(1);
        isBegin = removesSpaces;
      }
      text += spelling;
    }
    flush();
    return text;
  }

  /** Returns the text of a piece that is not a byte, with its space. */
  surface(id) {
    if (this.control.has(id)) return "";
    return id === this.unknown ? this.model.unknownText : this.model.pieces[id].replaceAll(BLANK, " ");
  }
}
