/** Writes pieces of a tokenizer as parts of a running text. */

const BYTE = /^<0x([0-9A-F]{2})>$/;
const MARKS = { "<line>": "⏎\n", "<turn>": "⏎\n", "<speaker>": "› ", "</s>": "", "<s>": "" };
const IGNORED = /[\s⏎]/gu;

/**
 * Decode byte pieces: the first byte becomes the character, the others become empty.
 *
 * @param {string[]} pieces
 * @returns {string[]} As many strings as there are pieces.
 */
export function spelled(pieces) {
  const shown = [...pieces];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let place = 0; place < pieces.length; place += 1) {
    for (let length = 1; length <= 4 && BYTE.test(pieces[place + length - 1] ?? ""); length += 1) {
      const bytes = pieces.slice(place, place + length).map((piece) => Number.parseInt(BYTE.exec(piece)[1], 16));
      let character;
      try {
        character = decoder.decode(Uint8Array.from(bytes));
      } catch {
        continue; // more bytes are needed
      }
      shown.splice(place, length, character, ...Array(length - 1).fill(""));
      place += length - 1;
      break;
    }
  }
  return shown;
}

/** Return pieces as parts of a running text: together they are the text. */
export function inline(pieces) {
  const parts = spelled(pieces).map((piece) => MARKS[piece] ?? piece.replaceAll("\u2581", " "));
  let isAtStart = true; // of a line, where the space before a word is not shown
  parts.forEach((part, place) => {
    parts[place] = isAtStart && !(pieces[place] in MARKS) ? part.trimStart() : part;
    isAtStart = parts[place] ? /[\n ]$/.test(part) && pieces[place] in MARKS : isAtStart;
  });
  for (let last = parts.length - 1; last >= 0; last -= 1) {
    parts[last] = parts[last].trimEnd();
    if (parts[last]) {
      break;
    }
  }
  return parts;
}

/**
 * Return the end of a text that a model did not read.
 *
 * @param {string} text The text as it was typed.
 * @param {string[]} pieces What was read of it, from its beginning.
 * @returns {string} "" if everything was read, or if the model reads the text in a form in which its end is not found.
 */
export function unread(text, pieces) {
  const read = letters(inline(pieces).join(""));
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (letters(text.slice(0, middle)).length <= read.length) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return letters(text.slice(0, least)) === read ? text.slice(least).trim() : "";
}

/** Return a text without what tokenizers change: spaces, letter case, and forms of the same character. */
function letters(text) {
  return text.normalize("NFKC").toLowerCase().replace(IGNORED, "");
}
