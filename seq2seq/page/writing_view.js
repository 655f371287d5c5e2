/** The view of a language model, which continues a text. */

import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { button, copyButton, make, openerButtons } from "./elements.js";

/** Pieces that are written at a time by a model without a limit of its own. */
const FIRST_LENGTH = 200;

/**
 * A prompt and its continuation, which can be continued in turn, and taken back.
 *
 * `element` sends the event "changed" when the text has changed.
 */
export class WritingView {
  /** @param {object} model A loaded model, see `engine/model.js`. */
  constructor(model) {
    this.model = model;
    const { info } = model;
    const first = { maxLength: info.maxLength || FIRST_LENGTH };
    this.form = new DecodingForm(info, { methods: ["sample", "greedy"], without: ["count"], first });
    this.more = button("Continue", () => this.write(this.whole()));
    this.back = button("Undo", () => this.undo());
    this.computation = new Computation("Write", () => this.write(this.input.value), this.more, this.back);
    this.steps = []; // what was written, each as {prompt, written}; the last one is shown
    this.input = make("textarea", { id: "prompt", rows: 4, lang: info.targetLanguage ?? "" });
    this.input.setAttribute("aria-describedby", "hint leave-empty");
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.write(this.input.value);
      }
    });
    this.prompt = make("span", { className: "prompt" });
    this.continuation = make("span");
    this.output = make("p", { className: "text", lang: info.targetLanguage ?? "" }, this.prompt, this.continuation);
    const inputs = make(
      "section",
      {},
      make("label", { htmlFor: "prompt", className: "heading", phrase: "Beginning of the text" }),
      this.input,
      make(
        "p",
        { className: "hint" },
        make("span", { id: "leave-empty", phrase: "Leave it empty to let the model begin the text." }),
        " ",
        make("span", { id: "hint", phrase: "Press Ctrl+Enter to write." }),
      ),
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.write(opener);
      }),
      this.form.sliders,
      this.computation.element,
      this.form.element,
    );
    this.result = make(
      "section",
      { className: "result", hidden: true },
      make("h2", { phrase: "Text" }),
      this.output,
      make("div", { className: "facts" }, copyButton(() => this.whole())),
    );
    this.element = make("div", {}, inputs, this.result);
    this.show();
  }

  /** Put the cursor into the prompt. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Return the whole text that is shown. */
  whole() {
    const step = this.steps.at(-1);
    return step ? step.prompt + step.written : "";
  }

  /** Return the text as data, for `restore`. */
  state() {
    return this.steps.at(-1) ?? { prompt: "", written: "" };
  }

  /** Show an earlier text. */
  async restore({ prompt, written }) {
    await this.computation.stop();
    this.steps.push({ prompt, written });
    this.show();
  }

  /** Take the last continuation back. */
  undo() {
    this.steps.pop();
    this.computation.report("");
    this.show();
    if (!this.steps.length) {
      this.focus(); // the button is hidden
    }
  }

  show() {
    const step = this.steps.at(-1) ?? { prompt: "", written: "" };
    this.prompt.textContent = step.prompt;
    this.continuation.textContent = step.written;
    this.result.hidden = !this.steps.length;
    this.more.hidden = !this.whole();
    this.back.hidden = !this.steps.length;
    this.element.dispatchEvent(new Event("changed"));
  }

  /** Continue a text; what was written before it is stopped stays. */
  async write(prompt) {
    if (this.computation.isRunning) {
      return;
    }
    const step = { prompt, written: "" };
    const showAtTimes = fromTimeToTime(() => {
      this.continuation.textContent = step.written;
    });
    let hasBegun = false; // not with options that are out of range: the earlier text stays
    const isDone = await this.computation.run(async (signal) => {
      const options = this.form.options();
      hasBegun = true;
      this.result.hidden = false;
      this.result.firstElementChild.scrollIntoView({ block: "nearest" });
      this.output.setAttribute("aria-busy", "true");
      this.prompt.textContent = prompt;
      this.continuation.textContent = "";
      const onText = (text) => {
        step.written = text;
        showAtTimes();
      };
      const result = await this.model.decode(prompt, { ...options, onText, signal });
      step.prompt = result.prompt ?? prompt; // as the model read it
      step.written = result.outputs[0].text;
    });
    const isEnd = isDone && !step.written && prompt === this.whole();
    if (isEnd) {
      this.computation.report("The model ends the text here.");
    } else if (hasBegun && (isDone || step.written)) {
      this.steps.push(step);
    }
    this.show();
    this.output.removeAttribute("aria-busy");
    this.output.setAttribute("aria-live", "polite");
  }
}
