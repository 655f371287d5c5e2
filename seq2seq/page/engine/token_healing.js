/**
 * Token healing: a prompt that ends inside a piece is continued with the segmentation seen in training. The counterpart
 * of `seq2seq.tokenization.token_healing`, which explains it.
 */

import { IncrementalText } from "./incremental_text.js";
import { decoded } from "./utf8.js";

const encoder = new TextEncoder();

/**
 * A position from which a text may continue a prompt.
 *
 * @typedef {object} Seam
 * @property {number} kept - number of prompt pieces before it.
 * @property {number[]} first - ids allowed as the next piece; [] for any.
 * @property {string} text - the prompt's text after it, with which the next piece begins.
 */

/** The pieces of a tokenizer, by the text with which they begin. */
class Beginnings {
  constructor(target) {
    this.surfaces = [...target.idsByPiece.values()]
      .filter((id) => !target.model.byteOf.has(id) && !target.model.control.has(id))
      .map((id) => [id, target.surface(id)]);
    /** Number of bytes of the longest piece. */
    this.longest = this.surfaces.reduce((most, [, text]) => Math.max(most, encoder.encode(text).length), 0);
    /** Whether each piece is a whole word, so no prompt ends inside one. */
    this.areWords = this.surfaces.every(([, text]) => text.startsWith(" "));
  }

  /** Returns the pieces that begin with a text and are longer than it. */
  beyond(text) {
    return this.surfaces.filter(([, other]) => other.startsWith(text) && other !== text).map(([id]) => id);
  }
}

const known = new WeakMap();

function beginningsOf(target) {
  if (!known.has(target)) known.set(target, new Beginnings(target));
  return known.get(target);
}

/**
 * Encodes a prompt, and finds the positions from which a text may continue it.
 *
 * @param {string | (string | symbol)[]} text
 * @param {import("./tokenizer.js").Tokenizer} target
 * @returns {{ids: number[], seams: Seam[], lost: number}}
 */
export function prompted(text, target) {
  const index = beginningsOf(target);
  let ids = target.encode(text);
  if (typeof text === "string" && text.endsWith(" ") && ids.at(-1) === target.unknown) {
    const words = index.beyond(" ");
    if (words.length) {
      ids = target.encode(text.slice(0, -1));
      return { ids, seams: [{ kept: ids.length, first: words, text: " " }], lost: 0 };
    }
  }
  const seams = [{ kept: ids.length, first: [], text: "" }];
  let bytes = [];
  for (let kept = ids.length - 1; kept >= 0; kept--) {
    const id = ids[kept];
    if (id === target.unknown || target.isSpecial(id)) break;
    const byte = target.model.byteOf.get(id);
    if (index.areWords && (byte !== undefined || target.surface(id) !== " ")) break;
    bytes = [...(byte === undefined ? encoder.encode(target.surface(id)) : [byte]), ...bytes];
    if (bytes.length >= index.longest) break;
    const spelt = decoded(bytes);
    // Bytes that are only part of a character begin no piece.
    const longer = encoder.encode(spelt).length === bytes.length ? index.beyond(spelt) : [];
    if (longer.length) seams.push({ kept, first: longer, text: written(ids, kept, target) });
  }
  return { ids, seams, lost: 0 };
}

/** Returns the last pieces of a prompt, at most `count` unless more are needed to keep those behind the first seam. */
export function last({ ids, seams }, count) {
  const cut = Math.min(Math.max(0, ids.length - count), ...seams.map(({ kept }) => kept));
  return { ids: ids.slice(cut), seams: seams.map((seam) => ({ ...seam, kept: seam.kept - cut })), lost: cut };
}

function written(ids, kept, target) {
  const growing = new IncrementalText(target, ids.slice(0, kept));
  return ids.slice(kept).reduce((text, id) => text + growing.add(id), "") + growing.end();
}
