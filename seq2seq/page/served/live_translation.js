/** Translates while the user types, and swaps the languages. */

import { button, checkbox, make } from "../elements.js";

const PAUSE = 300; // milliseconds without a key before a text is sent
const CHOICE = "seq2seq.live";

/**
 * Translates the text of a view when it has not changed for a moment.
 *
 * A computation that still runs is stopped first, and the next one begins when it has ended: an older answer never
 * replaces a newer one.
 */
export class LiveTranslation {
  /**
   * @param {import("../source_view.js").SourceView} view
   * @param {(() => void)|null} swap Called to translate in the other direction; null if no model does.
   */
  constructor(view, swap) {
    this.view = view;
    this.isOn = isChosen();
    this.timer = 0;
    const box = checkbox("Translate as you type", this.isOn, (isOn) => this.turn(isOn));
    const tools = make("div", { className: "tools-line" }, box);
    if (swap) {
      tools.append(button("Swap the languages", swap, "small"));
    }
    view.input.after(tools);
    view.input.addEventListener("input", (event) => {
      // While an input method composes Chinese, the text is not what the user means.
      if (!event.isComposing) {
        this.wait();
      }
    });
    view.input.addEventListener("compositionend", () => this.wait());
  }

  /** Turn it on or off, and remember the choice. */
  turn(isOn) {
    this.isOn = isOn;
    try {
      localStorage.setItem(CHOICE, isOn ? "on" : "off");
    } catch {
      // A browser that stores nothing begins with it turned on.
    }
    this.wait();
  }

  /** Translate after a pause. */
  wait() {
    clearTimeout(this.timer);
    if (this.isOn) {
      this.timer = setTimeout(() => this.translate(), PAUSE);
    }
  }

  /** Translate the text as it is now, unless this was done, or has begun, in the meantime (by Ctrl+Enter). */
  async translate() {
    const { view } = this;
    if (view.input.value === (view.computation.isRunning ? view.begun : view.decoded)) {
      return;
    }
    await view.computation.stop();
    if (view.sources().length) {
      await view.decode();
    } else {
      view.clear();
    }
  }
}

function isChosen() {
  try {
    return localStorage.getItem(CHOICE) !== "off";
  } catch {
    return true;
  }
}
