/** The panel of a conversation that shows why the model said what it said: the words that a reply attended to. */

import { AttentionSource } from "./attention.js";
import { button, make } from "./elements.js";

/** Shows the attention of one reply at a time. */
export class ReasonsPanel {
  /** Make the elements: `element` is to be put into the page, and `source` shows the attention of all replies. */
  constructor() {
    this.explained = null; // the turn that is shown, see `Turn` in `conversation_view.js`
    this.source = new AttentionSource();
    this.source.onPin = () => {
      this.element.hidden = false;
    };
    this.copiedNote = make("p", { className: "hint", phrase: "Underlined words were copied from the source." });
    this.element = make(
      "div",
      { className: "attention", hidden: true },
      make(
        "div",
        { className: "head" },
        make("h2", { phrase: "Which words the reply attended to" }),
        button("Close", () => this.leave(), "small"),
      ),
      this.source.element,
      make("p", {
        className: "hint",
        phrase:
          "Point at a word of a reply, click it, or focus a reply and use the arrow keys: the stronger the " +
          "colour of a piece of the conversation, the more this word attended to it.",
      }),
      this.copiedNote,
    );
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Show a reply as a whole. */
  show(turn) {
    const { outputs, source } = turn.result;
    this.close();
    this.explained = turn;
    turn.why.setAttribute("aria-expanded", "true");
    turn.element.classList.add("explained");
    this.element.hidden = false;
    this.copiedNote.hidden = !outputs[0].copied?.some(Boolean);
    this.source.pin({
      show: () => {
        this.source.show(source.pieces);
        this.source.shadeWhole(outputs[0]);
      },
      unmark() {},
    });
  }

  /** Close the panel, and put the focus where it was opened. */
  leave() {
    const why = this.explained?.why;
    this.close();
    why?.focus();
  }

  /** Show no reply; `isKept` leaves the panel open for the next one. */
  close({ isKept = false } = {}) {
    this.explained?.why.setAttribute("aria-expanded", "false");
    this.explained?.element.classList.remove("explained");
    this.explained = null;
    this.source.pin(null);
    this.element.hidden = !(isKept && this.isOpen);
    this.copiedNote.hidden = true;
  }
}
