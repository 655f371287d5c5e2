/** The view of a model that reads a source and writes an output: translation, summarization and the like. */

import { AttentionSource, outputText } from "./attention.js";
import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { copyButton, make, openerButtons } from "./elements.js";
import { languageName, put } from "./phrases.js";

const SCORE = "Log probability per piece: the nearer to 0, the more certain the model is.";
/** Phrases by task: the source with and without its language, the output with and without, the button, the hint. */
const PHRASES = {
  translation: [
    "Text to translate ({language})",
    "Text to translate",
    "Translation ({language})",
    "Translation",
    "Translate",
    "Each line is translated on its own. Ctrl+Enter translates.",
  ],
  summarization: [
    "Text to summarize",
    "Text to summarize",
    "Summary",
    "Summary",
    "Summarize",
    "Ctrl+Enter summarizes.",
  ],
};
const OTHER = ["Input", "Input", "Output", "Output", "Run", "Each line is an input of its own. Ctrl+Enter runs."];

/** A text field for sources, and the outputs with their attention. */
export class SourceView {
  /** @param {object} model A loaded model, see `engine/model.js`. */
  constructor(model) {
    this.model = model;
    const { info, task } = model;
    const [source, anySource, output, anyOutput, verb, hint] = PHRASES[task] ?? OTHER;
    this.isWholeText = task === "summarization"; // its lines belong together
    this.form = new DecodingForm(info, { methods: ["beam", "greedy", "sample"] });
    this.computation = new Computation(verb, () => this.decode());
    this.input = make("textarea", { id: "source", rows: this.isWholeText ? 10 : 3, lang: info.sourceLanguage ?? "" });
    this.input.setAttribute("aria-describedby", "hint");
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.decode();
      }
    });
    const label = make("label", { htmlFor: "source", className: "heading" });
    named(label, info.sourceLanguage ? source : anySource, info.sourceLanguage);
    const inputs = make(
      "section",
      {},
      label,
      this.input,
      make("p", { id: "hint", className: "hint", phrase: hint }),
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.decode();
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
      make("h3", { phrase: "Which source words the output attended to" }),
      this.source.element,
    );
    this.copiedNote = make("p", { className: "hint", phrase: "Underlined words were copied from the source." });
    this.notes = make(
      "div",
      { hidden: true },
      make("p", {
        className: "hint",
        phrase:
          "Point at a word of the output, tap it, or focus the output and use the arrow keys: the stronger " +
          "the colour of a source piece, the more this word attended to it.",
      }),
      this.copiedNote,
    );
    const heading = named(make("h2"), info.targetLanguage ? output : anyOutput, info.targetLanguage);
    this.result = make("section", { className: "result", hidden: true }, heading, this.outputs, this.attention, this.notes);
    this.element = make("div", {}, inputs, this.result);
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

  /** Decode all sources, one after the other. */
  async decode() {
    const sources = this.sources();
    if (!sources.length) {
      this.computation.report("Type a text first.", {}, true);
      this.input.focus();
      return;
    }
    await this.computation.run(async (signal) => {
      const options = this.form.options();
      this.result.hidden = false;
      this.attention.hidden = true;
      this.notes.hidden = true;
      this.copiedNote.hidden = true;
      this.outputs.replaceChildren();
      for (const source of sources) {
        const place = make("article", {});
        place.setAttribute("aria-busy", "true");
        this.outputs.append(place);
        const unfinished = make("p", { className: "text unfinished" });
        place.append(unfinished);
        const onText = fromTimeToTime((text) => {
          unfinished.textContent = text;
        });
        const result = await this.model.decode(source, { ...options, onText, signal }).catch((fault) => {
          place.remove();
          throw fault;
        });
        this.show(result, place);
        place.removeAttribute("aria-busy");
      }
    });
  }

  /** Show a result in an element. */
  show(result, place) {
    const { outputs, source } = result;
    const [best, ...others] = outputs.map((output) => this.output(output, source.pieces));
    place.replaceChildren(best);
    if (source.wasCut) {
      place.append(
        put(make("p", { className: "note" }), "The text was too long: only its first {count} pieces were read.", {
          count: source.pieces.length,
        }),
      );
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
    if (outputs.some(({ copied }) => copied?.some(Boolean))) {
      this.copiedNote.hidden = false;
    }
  }

  /** Return an output with its score and a button that copies it. */
  output(output, pieces) {
    const text = outputText(output, pieces, this.source);
    text.lang = this.model.info.targetLanguage ?? "";
    const score = make("span", { className: "score", textContent: shownScore(output.score) });
    put(score, SCORE, {}, "title");
    const facts = make("div", { className: "facts" }, score, copyButton(() => output.text));
    return make("div", { className: "output" }, text, facts);
  }
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
