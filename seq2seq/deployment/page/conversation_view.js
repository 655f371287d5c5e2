/** The view of a dialogue model: a conversation, whose replies show what they attended to. */

import { AttentionSource, outputText } from "./attention.js";
import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { button, make, openerButtons } from "./elements.js";
import { put } from "./phrases.js";

/** A conversation with the model. */
export class ConversationView {
  /** @param {object} model A loaded model, see `engine/model.js`. */
  constructor(model) {
    this.model = model;
    const { info } = model;
    this.turns = []; // texts, oldest first: the user's and the model's take turns
    this.form = new DecodingForm(info, { methods: ["beam", "greedy", "sample"], without: ["count"] });
    this.again = button("Another reply", () => this.retry());
    this.fresh = button("New conversation", () => this.clear());
    this.computation = new Computation("Send", () => this.send(), this.again, this.fresh);
    this.log = make("div", { className: "log" });
    this.log.setAttribute("role", "log");
    this.log.tabIndex = 0; // so that the keyboard can scroll it
    put(this.log, "Conversation", {}, "label");
    this.input = make("textarea", { id: "message", rows: 2, lang: info.sourceLanguage ?? "" });
    this.input.setAttribute("aria-describedby", "hint");
    this.input.addEventListener("keydown", (event) => {
      // While an input method composes Chinese, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.openers = make(
      "div",
      {},
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.send();
      }),
    );
    this.source = new AttentionSource();
    this.copiedNote = make("p", { className: "hint", phrase: "Underlined words were copied from the source." });
    this.attention = make(
      "div",
      { className: "attention", hidden: true },
      make("h3", { phrase: "Which words the reply attended to" }),
      this.source.element,
      make("p", {
        className: "hint",
        phrase:
          "Point at a word of a reply, tap it, or focus a reply and use the arrow keys: the stronger the " +
          "colour of a piece of the conversation, the more this word attended to it.",
      }),
      this.copiedNote,
    );
    const talk = make(
      "section",
      {},
      this.log,
      this.attention,
      make("label", { htmlFor: "message", className: "heading", phrase: "Your message" }),
      this.input,
      make("p", { id: "hint", className: "hint", phrase: "Enter sends, Shift+Enter starts a new line." }),
      this.openers,
      this.computation.element,
      this.form.element,
    );
    this.element = make("div", {}, talk);
    this.clear();
  }

  /** Put the cursor into the message. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Begin a new conversation. */
  clear() {
    this.turns = [];
    this.log.replaceChildren(make("p", { className: "empty", phrase: "The conversation is empty. Say something." }));
    this.attention.hidden = true;
    this.copiedNote.hidden = true;
    this.openers.hidden = false;
    this.show();
  }

  show() {
    this.again.hidden = this.turns.length === 0;
    this.fresh.hidden = this.turns.length === 0;
  }

  /** Send the message, and show the reply. */
  async send() {
    const message = this.input.value.trim();
    if (!message || this.computation.isRunning) {
      if (!message) {
        this.computation.report("Type a text first.", {}, true);
      }
      this.focus();
      return;
    }
    if (!this.turns.length) {
      this.log.replaceChildren();
    }
    const line = this.line("You", make("p", { className: "text", textContent: message }));
    this.input.value = "";
    this.openers.hidden = true;
    if (!(await this.reply(this.turns, message))) {
      // The message is given back, so that it can be changed and sent again.
      line.remove();
      this.input.value ||= message;
    }
    this.focus();
  }

  /** Replace the last reply. */
  async retry() {
    const last = this.log.lastElementChild;
    const history = this.turns.slice(0, -2);
    last.hidden = true;
    if (await this.reply(history, this.turns.at(-2))) {
      last.remove();
    } else {
      last.hidden = false;
    }
  }

  /** Decode and show a reply, and return whether there is one. */
  async reply(history, message) {
    const unfinished = make("p", { className: "text unfinished" });
    const line = this.line("Model", unfinished);
    const isDone = await this.computation.run(async (signal) => {
      const onText = fromTimeToTime((text) => {
        unfinished.textContent = text;
        this.log.scrollTop = this.log.scrollHeight;
      });
      const result = await this.model.decode(message, { ...this.form.options(), history, onText, signal });
      const [output] = result.outputs;
      const text = outputText(output, result.source.pieces, this.source);
      text.lang = this.model.info.targetLanguage ?? "";
      unfinished.replaceWith(text);
      this.turns = [...history, message, output.text];
      this.attention.hidden = !output.attention.length;
      this.copiedNote.hidden &&= !output.copied?.some(Boolean);
      this.source.show(result.source.pieces);
    });
    if (!isDone) {
      line.remove();
    }
    this.show();
    this.log.scrollTop = this.log.scrollHeight;
    return isDone;
  }

  /** Add a line to the conversation, and return it. */
  line(speaker, text) {
    const line = make("div", { className: `turn ${speaker.toLowerCase()}` });
    line.append(make("span", { className: "speaker", phrase: speaker }), text);
    this.log.append(line);
    this.log.scrollTop = this.log.scrollHeight;
    return line;
  }
}
