/** Unicode normalisation of texts, as before training: the counterpart of `seq2seq.corpus.normalization`. */

/** What Python's `str.isspace` counts as whitespace. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const SPACES = new RegExp(`[${SPACE.replace("\\t-\\r", "\\t\\v-\\r")}]+`, "g");
const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const AROUND_LINE_BREAK = / ?\n ?/g;
const SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// Invisible: control characters, byte order marks, zero-width spaces and Unicode's noncharacters.
const UNSEEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\ufeff\ufdd0-\ufdef\ufffe\uffff]/g;
const UNSEEN_IN_LAYOUT = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff\ufdd0-\ufdef\ufffe\uffff]/g;
const MARKS_ONLY = 30;
const MARK_RUN = new RegExp(`(?:[^\\p{L}\\p{N}_${SPACE}]|[\\uff9e\\uff9f]){14}`, "u");
const COMBINING = /^\p{M}$/u;
const JOINER = "\u034f";

/** Returns a text without whitespace at its ends. */
export function stripped(text) {
  return text.replace(AROUND, "");
}

/**
 * Normalises a text, so texts that look the same have the same code points.
 *
 * @param {string} text
 * @param {"nfc" | "nfkc" | "layout" | "none"} how - see `seq2seq.corpus.normalization.normalize`.
 * @returns {string}
 */
export function normalize(text, how) {
  text = text.replace(SURROGATE, "\ufffd");
  if (how === "none") return text;
  if (how === "layout") return streamSafe(text.replace(UNSEEN_IN_LAYOUT, "")).normalize("NFC");
  // Characters are removed first, because their neighbours may then compose.
  text = streamSafe(text.replace(SPACES, " ").replace(UNSEEN, ""));
  text = text.normalize(how.toUpperCase());
  // NFKC may create spaces, and removed characters may have separated spaces.
  return stripped(text.replace(SPACES, " ").replace(AROUND_LINE_BREAK, "\n"));
}

/** Inserts an invisible grapheme joiner after every 30 consecutive combining marks, as in UAX 15, section 13. */
export function streamSafe(text) {
  if (!MARK_RUN.test(text)) return text;
  let marks = 0;
  let result = "";
  for (const character of text) {
    const spelt = Array.from(character.normalize("NFKD"));
    const letter = spelt.findLastIndex((part) => !isCombining(part));
    const own = spelt.length - 1 - letter;
    marks = letter < 0 ? marks + own : own;
    if (marks > MARKS_ONLY) {
      result += JOINER;
      marks = own;
    }
    result += character;
  }
  return result;
}

/**
 * Returns whether a decomposed character has a combining class. JavaScript has no function for it, but normalisation sorts
 * neighbouring marks by it, so such a mark changes places with one of the lowest class, or one of the highest with it.
 */
function isCombining(character) {
  if (!COMBINING.test(character)) return false;
  return [`${character}\u0334`, `\u0345${character}`].some((pair) => pair.normalize("NFD") !== pair);
}
