/**
 * Characters and UTF-8: decoding of byte pieces, and the byte pieces that keep an output valid.
 *
 * A tokenizer with byte fallback spells a rare character in two to four byte pieces. The automaton is the table of
 * well-formed byte sequences of the Unicode Standard (version 15, table 3-7), without control characters but the tab;
 * see `seq2seq.tokenization.utf8`.
 */

export const LONGEST = 4;
export const REPLACEMENT = "\ufffd";

// First byte and last byte of a range, state before it, state after it. State 0 is between characters.
const RANGES = [
  [0x09, 0x09, 0, 0],
  [0x20, 0x7e, 0, 0],
  [0xc2, 0xdf, 0, 1],
  [0xe0, 0xe0, 0, 3],
  [0xe1, 0xec, 0, 2],
  [0xed, 0xed, 0, 4],
  [0xee, 0xef, 0, 2],
  [0xf0, 0xf0, 0, 6],
  [0xf1, 0xf3, 0, 5],
  [0xf4, 0xf4, 0, 7],
  [0x80, 0xbf, 1, 0],
  [0x80, 0xbf, 2, 1],
  [0xa0, 0xbf, 3, 1],
  [0x80, 0x9f, 4, 1],
  [0x80, 0xbf, 5, 2],
  [0x90, 0xbf, 6, 2],
  [0x80, 0x8f, 7, 2],
];
/** Number of bytes that a character still lacks, by state. */
const MISSING = [0, 1, 2, 2, 2, 3, 3, 3];

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the characters (code points) of a text. */
export function charactersOf(text) {
  return Array.from(text);
}

/**
 * Decodes as much of some bytes as possible.
 *
 * @param {number[]} bytes
 * @param {boolean} isOver - whether no byte follows; if not, an incomplete character at the end is left over.
 * @returns {{text: string, rest: number[]}} each invalid byte becomes U+FFFD.
 */
export function decodedPart(bytes, isOver) {
  let text = "";
  let place = 0;
  while (place < bytes.length) {
    const left = bytes.length - place;
    const size = widthOf(bytes[place]);
    const character = size <= left ? decodedCharacter(bytes.slice(place, place + size)) : null;
    if (character !== null) {
      text += character;
      place += size;
    } else if (!isOver && size > left && isBegun(bytes.slice(place))) {
      return { text, rest: bytes.slice(place) };
    } else {
      text += REPLACEMENT;
      place += 1;
    }
  }
  return { text, rest: [] };
}

/** Decodes bytes; each invalid byte becomes U+FFFD. */
export function decoded(bytes) {
  return bytes.length ? decodedPart(bytes, true).text : "";
}

function widthOf(first) {
  if (first < 0xc2) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decodedCharacter(bytes) {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** Returns whether further bytes can complete a character. */
function isBegun(bytes) {
  let state = 0;
  for (const byte of bytes) {
    const range = RANGES.find(([first, last, before]) => before === state && first <= byte && byte <= last);
    if (!range) return false;
    state = range[3];
  }
  return state !== 0;
}

/** The valid successors of a tokenizer's byte pieces. */
export class ByteSuccessors {
  /** @param {Map<number, number>} idOfByte - id of each byte's piece. */
  constructor(idOfByte) {
    this.after = MISSING.map(() => new Map());
    const begins = new Set();
    /** Ids of the bytes that begin characters of 2, 3 and 4 bytes. */
    this.leads = [[], [], []];
    for (const [first, last, before, after] of RANGES) {
      for (let byte = first; byte <= last; byte++) {
        const id = idOfByte.get(byte);
        if (id === undefined) continue;
        this.after[before].set(id, after);
        if (before) continue;
        begins.add(id);
        if (after) this.leads[MISSING[after] - 1].push(id);
      }
    }
    /** Ids of the bytes that cannot begin a character. */
    this.lost = [...idOfByte.values()].filter((id) => !begins.has(id));
  }

  /** Returns the state after some pieces; invalid bytes reset it to 0. */
  state(history) {
    let state = 0;
    for (const id of history.slice(-(LONGEST - 1))) state = this.after[state].get(id) ?? 0;
    return state;
  }

  /** Returns the ids that may follow in a state. */
  allowed(state) {
    return this.after[state].keys();
  }
}
