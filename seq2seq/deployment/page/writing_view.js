/** The view of a language model, which continues a text. */

import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { button, copyButton, make, openerButtons } from "./elements.js";

/** Pieces that are written at a time by a model without a limit of its own. */
const FIRST_LENGTH = 200;

/** A prompt and its continuation. */
export class WritingView {
  /** @param {object} model A loaded model, see `engine/model.js`. */
  constructor(model) {
    this.model = model;
    const { info } = model;
    const first = { maxLength: info.maxLength || FIRST_LENGTH };
    this.form = new DecodingForm(info, { methods: ["sample", "greedy"], without: ["count"], first });
    this.more = button("Continue", () => this.write(this.text));
    this.more.hidden = true;
    this.computation = new Computation("Write", () => this.write(this.input.value), this.more);
    this.text = "";
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
        make("span", { id: "leave-empty", phrase: "Leave it empty, and the model begins the text itself." }),
        " ",
        make("span", { id: "hint", phrase: "Ctrl+Enter writes." }),
      ),
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.write(opener);
      }),
      this.computation.element,
      this.form.element,
    );
    this.result = make(
      "section",
      { className: "result", hidden: true },
      make("h2", { phrase: "Text" }),
      this.output,
      make("div", { className: "facts" }, copyButton(() => this.text)),
    );
    this.element = make("div", {}, inputs, this.result);
  }

  /** Put the cursor into the prompt. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Continue a text; what was written before it is stopped stays. */
  async write(prompt) {
    if (this.computation.isRunning) {
      return;
    }
    let written = "";
    const show = () => {
      this.continuation.textContent = written;
    };
    const showAtTimes = fromTimeToTime(show);
    const onText = (text) => {
      written = text;
      showAtTimes();
    };
    let hasBegun = false; // not with options that are out of range: the earlier text stays
    await this.computation.run(async (signal) => {
      const options = this.form.options();
      hasBegun = true;
      this.result.hidden = false;
      this.output.setAttribute("aria-busy", "true");
      this.prompt.textContent = prompt;
      show();
      const result = await this.model.decode(prompt, { ...options, onText, signal });
      prompt = result.prompt ?? prompt; // as the model read it
      this.prompt.textContent = prompt;
      written = result.outputs[0].text;
    });
    if (hasBegun) {
      show();
      this.text = prompt + written;
      this.more.hidden = !this.text;
    }
    this.output.removeAttribute("aria-busy");
    this.output.setAttribute("aria-live", "polite");
  }
}
