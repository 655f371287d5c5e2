/** The view of a dialogue model: a conversation, whose replies show what they attended to. */

import { outputText } from "./attention.js";
import { Computation, fromTimeToTime } from "./computation.js";
import { DecodingForm } from "./decoding_form.js";
import { button, make, openerButtons } from "./elements.js";
import { put } from "./phrases.js";
import { ReasonsPanel } from "./reasons_panel.js";

/**
 * A conversation with the model.
 *
 * Its turns take turns: the user's, the model's, and so on. `element` sends the event "changed" after each reply.
 *
 * @typedef {object} Turn
 * @property {string} text
 * @property {boolean} isOwn Whether it is the user's.
 * @property {HTMLElement} element
 * @property {object} [result] What `model.decode` returned for a reply.
 */
export class ConversationView {
  /** @param {object} model A loaded model, see `engine/model.js`; `explain` is optional. */
  constructor(model) {
    this.model = model;
    const { info } = model;
    this.turns = []; // oldest first
    this.draw = 0; // how often the last reply was replaced
    this.ended = Promise.resolve(); // when the last reply has come to its end
    this.form = new DecodingForm(info, { methods: ["beam", "greedy", "sample"], without: ["count"] });
    this.again = button("Another reply", () => this.retry());
    this.fresh = button("New conversation", () => this.clear());
    this.computation = new Computation("Send", () => this.send(), this.again, this.fresh);
    this.log = make("div", { className: "log" });
    this.log.setAttribute("role", "log");
    this.log.tabIndex = 0; // so that the keyboard can scroll it
    put(this.log, "Conversation", {}, "label");
    this.input = this.field({ id: "message" }, () => this.send());
    this.input.setAttribute("aria-describedby", "hint");
    this.openers = make(
      "div",
      {},
      openerButtons(info.openers ?? [], (opener) => {
        this.input.value = opener;
        this.send();
      }),
    );
    this.panel = new ReasonsPanel();
    this.persona = make("textarea", { rows: 2, lang: info.sourceLanguage ?? "" });
    const persona = make(
      "label",
      { className: "persona" },
      make("span", { phrase: "Facts about the model, one per line" }),
      this.persona,
    );
    this.form.element.append(this.form.sliders, persona);
    const talk = make(
      "section",
      {},
      this.log,
      this.panel.element,
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

  /** Return a text field in which Enter sends. */
  field(properties, send) {
    const field = make("textarea", { rows: 2, lang: this.model.info.sourceLanguage ?? "", ...properties });
    field.addEventListener("keydown", (event) => {
      // While an input method composes Chinese, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    });
    return field;
  }

  /** Put the cursor into the message. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Begin a new conversation. */
  clear() {
    this.restore({ turns: [], persona: this.persona.value });
  }

  /** Return the conversation as data, for `restore`. */
  state() {
    return { turns: this.turns.map(({ text }) => text), persona: this.persona.value };
  }

  /** Show a conversation in place of this one. */
  async restore({ turns, persona }) {
    if (this.computation.isRunning) {
      this.computation.stop();
      await this.ended;
    }
    this.draw = 0;
    this.persona.value = persona ?? "";
    this.panel.close();
    this.log.replaceChildren(make("p", { className: "empty", phrase: "The conversation is empty. Say something." }));
    this.turns = [];
    turns.forEach((text, number) => this.add(text, number % 2 === 0));
    this.show();
  }

  /** Return the facts about the model. */
  facts() {
    return this.persona.value.split("\n").filter((fact) => fact.trim());
  }

  show() {
    const isEmpty = this.turns.length === 0;
    this.again.hidden = isEmpty;
    this.fresh.hidden = isEmpty;
    this.openers.hidden = !isEmpty;
    this.element.dispatchEvent(new Event("changed"));
  }

  /** Add a turn to the conversation, and return it. */
  add(text, isOwn, result = null) {
    const turn = { text, isOwn, result };
    const tools = [];
    if (isOwn) {
      turn.shown = make("p", { className: "text", textContent: text });
      tools.push(button("Edit", () => this.edit(turn), "small"));
    } else {
      const output = result?.outputs[0] ?? { text: text.trim(), pieces: [], attention: [] };
      turn.shown = outputText(output, result?.source.pieces ?? [], this.panel.source);
      turn.shown.lang = this.model.info.targetLanguage ?? "";
      if (output.attention.length || (!result && this.model.explain && text)) {
        turn.why = button("Why?", () => this.explain(turn), "small");
        turn.why.setAttribute("aria-expanded", "false");
        tools.push(turn.why);
      }
    }
    turn.element = this.line(isOwn, turn.shown, ...tools);
    for (const { phrase, values } of result?.notices ?? []) {
      turn.element.append(put(make("p", { className: "note" }), phrase, values));
    }
    this.turns.push(turn);
    this.scroll();
    return turn;
  }

  /** Add a line to the conversation, and return it. */
  line(isOwn, text, ...tools) {
    const speaker = make("span", { className: "speaker", phrase: isOwn ? "You" : "Model" });
    const head = make("div", { className: "head" }, speaker, ...tools);
    const line = make("div", { className: `turn ${isOwn ? "you" : "model"}` }, head, text);
    if (!this.turns.length) {
      this.log.replaceChildren();
    }
    this.log.append(line);
    return line;
  }

  scroll() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Send the message, and show the reply. */
  async send() {
    const message = this.input.value.trim();
    if (!message || this.computation.isRunning) {
      if (!message) {
        this.computation.report("Enter a text first.", {}, true);
      }
      this.focus();
      return;
    }
    this.input.value = "";
    if (!(await this.converse(this.turns.length, message))) {
      this.input.value ||= message; // given back, so that it can be changed and sent again
    }
    this.focus();
  }

  /** Replace the last reply. */
  async retry() {
    this.draw += 1;
    await this.converse(this.turns.length - 1, null, this.draw);
  }

  /** Let the user change one of their turns; the conversation continues from it. */
  edit(turn, text = turn.text) {
    if (this.computation.isRunning || turn.shown.hidden) {
      return;
    }
    const change = async () => {
      const message = field.value.trim();
      if (!message || this.computation.isRunning) {
        field.focus();
        return;
      }
      end();
      if (await this.converse(this.turns.indexOf(turn), message)) {
        this.focus();
      } else {
        this.edit(turn, message); // so that it can be changed and sent again
      }
    };
    const end = () => {
      editor.remove();
      turn.shown.hidden = false;
    };
    const cancel = () => {
      end();
      turn.element.querySelector("button").focus();
    };
    const field = this.field({ value: text }, change);
    put(field, "Your message", {}, "label");
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        cancel();
      }
    });
    const buttons = make("div", { className: "buttons" }, button("Send", change, "main"), button("Cancel", cancel));
    const editor = make("div", { className: "editor" }, field, buttons);
    turn.shown.hidden = true;
    turn.element.append(editor);
    field.focus();
  }

  /**
   * Continue the conversation from an earlier point: what followed is removed, unless no reply comes.
   *
   * @param {number} kept How many turns are kept.
   * @param {string|null} message What the user says then; null if the last turn that is kept is the user's.
   * @param {number} draw How often this reply has been replaced.
   * @returns {Promise<boolean>} Whether there is a reply.
   */
  async converse(kept, message, draw = 0) {
    if (this.computation.isRunning) {
      return false;
    }
    const result = this.#conversed(kept, message, draw);
    this.ended = result;
    return result;
  }

  async #conversed(kept, message, draw) {
    const before = [...this.turns];
    const removed = this.turns.splice(kept);
    if (removed.includes(this.panel.explained)) {
      this.panel.close({ isKept: true });
    }
    for (const { element } of removed) {
      element.remove();
    }
    if (message !== null) {
      this.draw = 0;
      this.add(message, true);
    }
    this.openers.hidden = true;
    const isDone = await this.reply(draw);
    if (!isDone) {
      this.turns = before;
      this.log.replaceChildren(...before.map(({ element }) => element));
      if (!before.length) {
        this.log.replaceChildren(make("p", { className: "empty", phrase: "The conversation is empty. Say something." }));
      }
    }
    this.show();
    this.scroll();
    return isDone;
  }

  /** Decode and show a reply to the last turn, and return whether there is one. What is there when it is stopped stays. */
  async reply(draw) {
    const unfinished = make("p", { className: "text unfinished", lang: this.model.info.targetLanguage ?? "" });
    const line = this.line(false, unfinished);
    const [message, ...earlier] = this.turns.map(({ text }) => text).reverse();
    let written = "";
    const show = fromTimeToTime((text) => {
      unfinished.textContent = text;
      this.scroll();
    });
    let result = null;
    const isDone = await this.computation.run(async (signal) => {
      result = await this.model.decode(message, {
        ...this.form.options(),
        history: earlier.reverse(),
        persona: this.facts(),
        draw,
        signal,
        onText(text) {
          written = text;
          show(text);
        },
      });
    });
    line.remove();
    if (isDone) {
      const turn = this.add(result.outputs[0].text, false, result);
      this.markForgotten(result.remembered ?? this.model.info.historyTurns);
      if (this.panel.isOpen && turn.why) {
        this.panel.show(turn);
      }
    } else if (written.trim() && this.computation.wasStopped) {
      this.add(written.trim(), false);
      return true;
    }
    return isDone;
  }

  /** Mark the turns that the last reply did not take into account; `remembered` is how many it did, 0 for all. */
  markForgotten(remembered) {
    const first = remembered ? this.turns.length - 1 - remembered : 0;
    this.turns.forEach(({ element }, number) => {
      element.classList.toggle("forgotten", number < first);
      put(element, number < first ? "The last reply did not use this turn: it is too far back." : "", {}, "title");
    });
  }

  /** Show which words of the conversation a reply attended to, or close this if it is shown. */
  async explain(turn) {
    if (this.panel.explained === turn) {
      this.panel.close();
      return;
    }
    if (!turn.result) {
      await this.computation.run(async (signal) => {
        const history = this.turns.slice(0, this.turns.indexOf(turn)).map(({ text }) => text);
        turn.result = await this.model.explain(turn.text, { history, persona: this.facts(), signal });
        const text = outputText(turn.result.outputs[0], turn.result.source.pieces, this.panel.source);
        turn.shown.replaceWith(text);
        turn.shown = text;
      });
    }
    if (turn.result?.outputs[0].attention.length) {
      this.panel.show(turn);
    }
  }
}
