/**
 * Replaces characters by a sentencepiece model's precompiled table, for models made elsewhere; those of this suite have
 * none, because the text is normalised before (`normalization.js`).
 *
 * The table is a double-array trie of UTF-8 strings (Aoe 1989, in the layout of the library Darts-clone) and a block of
 * replacements, each of which ends with a zero byte.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class CharacterMap {
  #units;
  #replacements;

  /** @param {string} table - in base64. */
  constructor(table) {
    const bytes = Uint8Array.from(atob(table), (character) => character.charCodeAt(0));
    const size = new DataView(bytes.buffer).getUint32(0, true);
    this.#units = new Uint32Array(bytes.buffer.slice(4, 4 + size));
    this.#replacements = bytes.subarray(4 + size);
  }

  /**
   * Splits a text into the longest strings that the table replaces and single characters; returns what they become.
   *
   * @param {string} text
   * @returns {string[]}
   */
  replaced(text) {
    const bytes = encoder.encode(text);
    const parts = [];
    for (let place = 0; place < bytes.length; ) {
      const [size, value] = this.#longest(bytes, place);
      if (size > 0) {
        const end = this.#replacements.indexOf(0, value);
        parts.push(decoder.decode(this.#replacements.subarray(value, end)));
        place += size;
      } else {
        const width = widthOf(bytes[place]);
        parts.push(decoder.decode(bytes.subarray(place, place + width)));
        place += width;
      }
    }
    return parts;
  }

  /** Returns the number of bytes of the longest match at a place, and its value. */
  #longest(bytes, begin) {
    const units = this.#units;
    let node = offset(units[0]);
    let best = [0, 0];
    for (let place = begin; place < bytes.length; place++) {
      node ^= bytes[place];
      const unit = units[node];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== bytes[place]) break;
      node ^= offset(unit);
      if ((unit >>> 8) & 1) best = [place + 1 - begin, units[node] & 0x7fffffff];
    }
    return best;
  }
}

function offset(unit) {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function widthOf(first) {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
