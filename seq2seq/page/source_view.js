/** The view of a model that reads a source and writes an output: translation, summarization and the like. */

import { AttentionSource, outputText } from "./attention.js";
import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { copyButton, make, openerButtons } from "./elements.js";
import { languageName, put } from "./phrases.js";
import { unread } from "./pieces.js";

const SCORE = "Log probability per piece: the closer to 0, the more certain the model.";
/** Phrases by task: the source with and without its language, the output with and without, the button, the hint. */
const PHRASES = {
  translation: [
    "Text to translate ({language})",
    "Text to translate",
    "Translation ({language})",
    "Translation",
    "Translate",
    "Each line is translated separately. Press Ctrl+Enter to translate.",
  ],
  summarization: [
    "Text to summarize",
    "Text to summarize",
    "Summary",
    "Summary",
    "Summarize",
    "Press Ctrl+Enter to summarize.",
  ],
};
const OTHER = ["Input", "Input", "Output", "Output", "Run", "Each line is a separate input. Press Ctrl+Enter to run."];

/**
 * A text field for sources, and the outputs with their attention.
 *
 * `element` sends the event "changed" after all sources have been decoded.
 */
export class SourceView {
  /**
   * @param {object} model A loaded model, see `engine/model.js`.
   * @param {Object<string, number>} [first] Options that differ from the model's own.
   */
  constructor(model, first = {}) {
    this.model = model;
    const { info, task } = model;
    const [source, anySource, output, anyOutput, verb, hint] = PHRASES[task] ?? OTHER;
    this.isWholeText = task === "summarization"; // its lines belong together
    this.results = []; // texts of the best outputs
    this.begun = null; // content of the text field when decoding last began
    this.decoded = null; // that of the outputs that are shown; null without outputs
    this.form = new DecodingForm(info, { methods: ["beam", "greedy", "sample"], first });
    this.form.element.append(this.form.sliders);
    this.computation = new Computation(verb, () => this.run());
    this.input = make("textarea", { id: "source", rows: this.isWholeText ? 10 : 3, lang: info.sourceLanguage ?? "" });
    this.input.setAttribute("aria-describedby", "hint");
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.run();
      }
    });
    const label = make("label", { htmlFor: "source", className: "heading" });
    named(label, info.sourceLanguage ? source : anySource, info.sourceLanguage);
    this.inputs = make(
      "section",
      {},
      label,
      this.input,
      make("p", { id: "hint", className: "hint", phrase: hint }),
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.run();
      }),
      this.computation.element,
      this.form.element,
    );
    this.outputs = make("div", { className: "outputs" });
    this.outputs.setAttribute("aria-live", "polite");
    this.source = new AttentionSource();
    this.attention = make(
      "div",
      { className: "attention", hidden: true },
      make("h3", { phrase: this.isWholeText ? "What was read" : "Which source words the output attended to" }),
      this.source.element,
    );
    this.copiedNote = make("p", { className: "hint", phrase: "Underlined words were copied from the source." });
    this.notes = make(
      "div",
      { hidden: true },
      make("p", {
        className: "hint",
        phrase:
          "Point at a word of the output, click it, or focus the output and use the arrow keys: the stronger " +
          "the colour of a source piece, the more this word attended to it.",
      }),
      this.copiedNote,
    );
    const heading = named(make("h2"), info.targetLanguage ? output : anyOutput, info.targetLanguage);
    this.result = make("section", { className: "result", hidden: true }, heading, this.outputs, this.attention, this.notes);
    this.element = make("div", {}, this.inputs, this.result);
  }

  /** Put the cursor into the text field. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Return the sources in the text field. */
  sources() {
    const text = this.input.value.trim();
    return this.isWholeText ? [text].filter(Boolean) : text.split("\n").map((line) => line.trim()).filter(Boolean);
  }

  /** Return what was decoded last as data, for `restore`. */
  state() {
    return { source: this.decoded ?? "" };
  }

  /** Put an earlier source into the text field, and decode it. */
  async restore({ source }) {
    await this.computation.stop();
    this.input.value = source;
    await this.decode();
  }

  /** Remove the outputs. */
  clear() {
    this.result.hidden = true;
    this.outputs.replaceChildren();
    this.results = [];
    this.decoded = null;
    this.computation.report("");
  }

  /** Decode all sources, and bring the beginning of the outputs into view. */
  async run() {
    if (await this.decode()) {
      this.result.firstElementChild.scrollIntoView({ block: "nearest" });
    }
  }

  /**
   * Decode all sources, one after the other, and return whether all are done. The earlier outputs stay until there is
   * something to show instead.
   */
  async decode() {
    const sources = this.sources();
    if (!sources.length) {
      this.computation.report("Enter a text first.", {}, true);
      this.input.focus();
      return false;
    }
    const text = this.input.value;
    const results = [];
    const isDone = await this.computation.run(async (signal) => {
      this.begun = text;
      const options = this.form.options();
      this.outputs.setAttribute("aria-busy", "true");
      try {
        for (const source of sources) {
          results.push(await this.decodeOne(source, { ...options, signal }, results.length === 0));
        }
      } finally {
        this.outputs.removeAttribute("aria-busy");
      }
    });
    if (isDone) {
      this.decoded = text;
      this.results = results;
      this.element.dispatchEvent(new Event("changed"));
    }
    return isDone;
  }

  /** Decode and show a source, and return its best output; the first one replaces the earlier outputs. */
  async decodeOne(source, options, isFirst) {
    const unfinished = make("p", { className: "text unfinished", lang: this.model.info.targetLanguage ?? "" });
    const place = make("article", {}, unfinished);
    const begin = () => {
      if (place.isConnected) {
        return;
      }
      if (isFirst) {
        this.renew();
      }
      this.outputs.append(place);
    };
    if (this.result.hidden || !isFirst) {
      begin();
    }
    const show = fromTimeToTime((text) => {
      begin();
      unfinished.textContent = text;
    });
    try {
      const result = await this.model.decode(source, { ...options, onText: show });
      begin();
      this.show(result, source, place);
      return result.outputs[0].text;
    } catch (fault) {
      place.remove();
      this.result.hidden = !this.outputs.childElementCount;
      throw fault;
    }
  }

  /** Show no outputs, in place of the earlier ones. */
  renew() {
    this.source.pin(null);
    this.result.hidden = false;
    this.attention.hidden = true;
    this.notes.hidden = true;
    this.copiedNote.hidden = true;
    this.outputs.replaceChildren();
  }

  /** Show a result in an element. */
  show({ outputs, source }, text, place) {
    const [best, ...others] = outputs.map((output) => this.output(output, source.pieces));
    place.replaceChildren(best);
    if (source.wasCut) {
      const note = make("p", { className: "note" });
      put(note, "The text was too long: only its first {count} pieces were read.", { count: source.pieces.length });
      place.append(note, unreadText(unread(text, source.pieces)));
    }
    if (others.length) {
      const list = make("ol", { start: 2 }, ...others.map((one) => make("li", {}, one)));
      place.append(make("h3", { phrase: "Alternatives" }), list);
    }
    if (outputs.some(({ attention }) => attention.length)) {
      this.attention.hidden = false;
      this.notes.hidden = false;
      this.source.show(source.pieces);
    }
    if (outputs.some((output) => output.text.trim() && output.copied?.some(Boolean))) {
      this.copiedNote.hidden = false;
    }
  }

  /** Return an output with its score and a button that copies it. */
  output(output, pieces) {
    const text = outputText(output, pieces, this.source);
    text.lang = this.model.info.targetLanguage ?? "";
    const score = make("span", { className: "score", hidden: !Number.isFinite(output.score) });
    score.textContent = shownScore(output.score ?? 0);
    put(score, SCORE, {}, "title");
    const facts = make("div", { className: "facts" }, score, copyButton(() => output.text));
    return make("div", { className: "output" }, text, facts);
  }
}

/** Return an element that unfolds the end of a text that was not read, or an empty fragment. */
function unreadText(text) {
  if (!text) {
    return new DocumentFragment();
  }
  const shown = make("p", { className: "unread", textContent: text });
  return make("details", {}, make("summary", { phrase: "What was not read" }), shown);
}

/** Return a score with two digits and a proper minus sign. */
function shownScore(score) {
  const shown = score.toFixed(2);
  return shown === "-0.00" ? "0.00" : shown.replace("-", "−");
}

/** Put a phrase with the name of a language into an element. */
function named(element, phrase, language) {
  return put(element, phrase, { language: languageName(language ?? "") });
}
