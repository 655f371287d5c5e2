/**
 * Shows which source pieces each piece of an output attended to.
 *
 * The pieces of an output react to the pointer, to a click or tap, and to the arrow keys while the output has the focus.
 * The chosen one shades the source pieces, which is also said in words for those who do not see colours. A piece that
 * is clicked or reached by a key is pinned: it stays chosen until another one is pinned, or it is clicked again.
 */

import { inline } from "./pieces.js";
import { put, say } from "./phrases.js";

const FAINT = 0.02; // least weight that is named
const NAMED = 3; // source pieces that are named in words

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
    this.pinned = null; // see `pin`
    this.onPin = () => {}; // called when a piece is pinned
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
    this.text.tabIndex = -1;
    requestAnimationFrame(() => {
      // The keyboard must be able to scroll a long text.
      this.text.tabIndex = this.text.scrollHeight > this.text.clientHeight ? 0 : -1;
    });
    this.shade([], "");
  }

  /**
   * Keep a choice while nothing else is pointed at, in place of the earlier one.
   *
   * @param {{show: () => void, unmark: () => void}|null} choice `show` shades the source by it, `unmark` removes its
   *     mark from the output.
   */
  pin(choice) {
    if (this.pinned !== choice) {
      this.pinned?.unmark();
      this.pinned = choice;
    }
    if (choice) {
      this.onPin();
    }
    this.restore();
  }

  /** Shade the source by what is pinned, if anything is. */
  restore() {
    if (this.pinned) {
      this.pinned.show();
    } else {
      this.shade([], "");
    }
  }

  /**
   * Shade the source.
   *
   * @param {number[]} weights [S], the attention of a piece of the output.
   * @param {string} word The piece; "" to say nothing.
   * @param {string} [phrase] What is said about it, with `{word}` and `{list}`.
   */
  shade(weights, word, phrase = "{word} attended to {list}") {
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
      this.words.textContent = say(phrase, { word: word.trim(), list });
    } else {
      this.words.textContent = "\u00a0";
    }
  }

  /** Shade the source by the attention of all pieces of an output together. */
  shadeWhole(output) {
    const sums = (this.pieces ?? []).map((_, place) =>
      output.attention.reduce((sum, weights) => sum + (weights[place] ?? 0), 0),
    );
    const weights = sums.map((sum) => sum / output.attention.length);
    this.shade(weights, output.text, "The whole reply attended to {list}");
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
  if (!output.text.trim()) {
    element.classList.add("empty");
    return put(element, "(empty)");
  }
  if (!isWhole || !(output.attention.length || output.copied?.some(Boolean))) {
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
  if (output.attention.length) {
    element.tabIndex = 0;
    put(element, "The arrow keys choose a word; Escape clears the choice.", {}, "title");
    choosing(element, spans, source, (place) => {
      source.show(sourcePieces);
      source.shade(output.attention[place] ?? [], parts[place]);
    });
  }
  return element;
}

/** Take the space before a word out of its element, because it is not marked, and return both. */
function withSpace(span) {
  const [space] = /^\s*/.exec(span.textContent);
  span.textContent = span.textContent.slice(space.length);
  return space ? [space, span] : [span];
}

/** Call `shade` with the place of the span that the pointer, a click or the arrow keys choose. */
function choosing(element, spans, source, shade) {
  const places = new Map(spans.map((span, place) => [span, place]));
  const choosable = [...spans.keys()].filter((place) => spans[place].textContent.trim());
  let kept = -1; // the place that is pinned

  function mark(place) {
    spans.forEach((span, other) => {
      span.classList.toggle("chosen", other === place);
      span.classList.toggle("pinned", other === kept);
    });
  }
  const choice = {
    show() {
      mark(kept);
      shade(kept);
    },
    unmark() {
      kept = -1;
      mark(kept);
    },
  };
  function pin(place) {
    kept = place;
    mark(kept);
    source.pin(kept < 0 ? null : choice);
    spans[kept]?.scrollIntoView({ block: "nearest" }); // out from under the attention, which is now in view
  }
  element.addEventListener("pointerover", (event) => {
    if (places.has(event.target)) {
      mark(places.get(event.target));
      shade(places.get(event.target));
    }
  });
  element.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") {
      mark(kept);
      source.restore();
    }
  });
  element.addEventListener("click", (event) => {
    if (places.has(event.target) && getSelection().isCollapsed) {
      pin(places.get(event.target) === kept ? -1 : places.get(event.target));
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && kept >= 0) {
      event.stopPropagation();
      pin(-1);
      return;
    }
    const last = choosable.length - 1;
    const now = choosable.indexOf(kept);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    pin(choosable[Math.max(0, Math.min(last, next))] ?? -1);
  });
}
