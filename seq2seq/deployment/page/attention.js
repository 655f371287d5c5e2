/**
 * Shows which source pieces each piece of an output attended to.
 *
 * The pieces of an output react to the pointer, to a tap, and to the arrow keys while the output has the focus. The
 * chosen one shades the source pieces, which is also said in words for those who do not see colours.
 */

import { put, say } from "./phrases.js";

const FAINT = 0.02; // least weight that is named
const NAMED = 3; // source pieces that are named in words
const BYTE = /^<0x([0-9A-F]{2})>$/;
const MARKS = { "<line>": "⏎\n", "<turn>": "⏎\n", "<speaker>": "› ", "</s>": "", "<s>": "" };

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

/** The source of an output, whose pieces are shaded by the attention of a piece of the output. */
export class AttentionSource {
  /** Make the elements: `element` is to be put into the page. */
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "source";
    this.text = document.createElement("p");
    this.text.className = "read";
    this.words = document.createElement("p");
    this.words.className = "attended";
    this.words.setAttribute("aria-live", "polite");
    this.element.append(this.text, this.words);
    this.pieces = null;
    this.spans = [];
    this.names = [];
    this.unmark = () => {};
  }

  /** Take the attention from the output that has it, which removes its mark by `unmark`. */
  claim(unmark) {
    if (this.unmark !== unmark) {
      this.unmark();
      this.unmark = unmark;
    }
  }

  /** Show other source pieces. */
  show(pieces) {
    if (pieces === this.pieces) {
      return;
    }
    this.pieces = pieces;
    this.names = inline(pieces);
    this.spans = this.names.map((name) => {
      const span = document.createElement("span");
      span.textContent = name;
      return span;
    });
    this.text.replaceChildren(...this.spans.flatMap(withSpace));
    this.shade("", []);
  }

  /**
   * Shade the source.
   *
   * @param {string} word The piece of the output.
   * @param {number[]} weights [S], its attention.
   */
  shade(word, weights) {
    const largest = Math.max(FAINT, ...weights);
    this.spans.forEach((span, place) => {
      const share = (weights[place] ?? 0) / largest;
      span.style.setProperty("--share", share < FAINT ? "0" : share.toFixed(3));
    });
    if (largest > FAINT) {
      this.scrollTo(this.spans[weights.indexOf(largest)]);
    }
    const order = [...weights.keys()].sort((one, other) => weights[other] - weights[one]).slice(0, NAMED);
    const list = order
      .filter((place) => weights[place] >= FAINT && place < this.names.length)
      .map((place) => `${this.names[place].trim() || "␣"} ${weights[place].toFixed(2)}`)
      .join(", ");
    if (word.trim() && list) {
      this.words.textContent = say("{word} attended to {list}", { word: word.trim(), list });
    } else {
      this.words.textContent = "\u00a0";
    }
  }

  /** Scroll the text of a long source to a piece; the page itself stays where it is. */
  scrollTo(span) {
    const { top, bottom } = this.text.getBoundingClientRect();
    const place = span?.getBoundingClientRect();
    if (place && (place.top < top || place.bottom > bottom)) {
      this.text.scrollTop += place.top - (top + bottom) / 2;
    }
  }
}

/**
 * Write an output whose pieces can be chosen.
 *
 * @param {object} output See `engine/model.js`.
 * @param {string[]} sourcePieces [S], the source.
 * @param {AttentionSource} source Where the attention is shown.
 * @returns {HTMLElement}
 */
export function outputText(output, sourcePieces, source) {
  const element = document.createElement("p");
  element.className = "text";
  const parts = inline(output.pieces);
  const isWhole = parts.join("").trim() === output.text.trim();
  if (!output.text) {
    element.classList.add("empty");
    return put(element, "(empty)");
  }
  if (!output.attention.length || !isWhole) {
    element.textContent = output.text;
    return element;
  }
  const spans = parts.map((part, place) => {
    const span = document.createElement("span");
    span.textContent = part;
    span.classList.toggle("copied", Boolean(output.copied?.[place]));
    return span;
  });
  element.append(...spans.flatMap(withSpace));
  element.tabIndex = 0;
  put(element, "The arrow keys choose a word.", {}, "title");
  choosing(element, spans, (place, unmark) => {
    source.show(sourcePieces);
    source.claim(unmark);
    source.shade(place < 0 ? "" : parts[place], output.attention[place] ?? []);
  });
  return element;
}

/** Take the space before a word out of its element, because it is not marked, and return both. */
function withSpace(span) {
  const [space] = /^\s*/.exec(span.textContent);
  span.textContent = span.textContent.slice(space.length);
  return space ? [space, span] : [span];
}

/**
 * Call `choose` with the place of the span that the pointer or the arrow keys choose, or with -1, and with a function
 * that removes the mark.
 */
function choosing(element, spans, choose) {
  const places = new Map(spans.map((span, place) => [span, place]));
  const choosable = [...spans.keys()].filter((place) => spans[place].textContent.trim());
  let kept = -1; // chosen by a tap or a key, until the output loses the focus

  function show(place) {
    spans.forEach((span, other) => span.classList.toggle("chosen", other === place));
  }
  function unmark() {
    kept = -1;
    show(kept);
  }
  function mark(place) {
    show(place);
    choose(place, unmark);
  }
  element.addEventListener("pointerover", (event) => {
    if (places.has(event.target)) {
      mark(places.get(event.target));
    }
  });
  element.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") {
      mark(kept);
    }
  });
  element.addEventListener("click", (event) => {
    kept = places.get(event.target) ?? kept;
    mark(kept);
  });
  element.addEventListener("blur", unmark);
  element.addEventListener("keydown", (event) => {
    const last = choosable.length - 1;
    const now = choosable.indexOf(kept);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    kept = choosable[Math.max(0, Math.min(last, next))] ?? -1;
    mark(kept);
  });
}
