/** Runs one computation of a view at a time: its buttons, its message, and stopping it. */

import { button, make } from "./elements.js";
import { duration, put, say } from "./phrases.js";

const BETWEEN_PICTURES = 100; // milliseconds

/**
 * Return a function that shows a growing text from time to time: drawing it at every step would take as long as the step.
 *
 * @param {(text: string) => void} show
 */
export function fromTimeToTime(show) {
  let shown = performance.now();
  return (text) => {
    if (performance.now() - shown >= BETWEEN_PICTURES) {
      show(text);
      shown = performance.now();
    }
  };
}

/** The buttons that start and stop a computation, and the line that reports about it. */
export class Computation {
  /**
   * @param {string} phrase What the button says.
   * @param {() => Promise<void>} start Called when the button is pressed.
   * @param {...HTMLElement} others Further buttons, which are disabled meanwhile.
   */
  constructor(phrase, start, ...others) {
    this.startButton = button(phrase, start, "main");
    this.stopButton = button("Stop", () => this.controller?.abort());
    this.others = [this.startButton, ...others];
    this.status = make("p", { className: "status" });
    this.status.setAttribute("role", "status");
    this.stopButton.hidden = true;
    this.element = make("div", { className: "buttons" }, this.startButton, this.stopButton, ...others, this.status);
    this.controller = null;
  }

  get isRunning() {
    return this.controller !== null;
  }

  /** Report something. */
  report(phrase, values = {}, isFault = false) {
    this.status.classList.toggle("fault", isFault);
    put(this.status, phrase, values);
  }

  /**
   * Run a computation, unless one is running.
   *
   * @param {(signal: AbortSignal) => Promise<void>} work
   * @returns {Promise<boolean>} Whether it has come to its end.
   */
  async run(work) {
    if (this.isRunning) {
      return false;
    }
    const controller = new AbortController();
    const began = performance.now();
    this.controller = controller;
    this.show();
    this.report("Working");
    try {
      await work(controller.signal);
      performance.measure("computation", { start: began });
      this.report("Done in {time}.", { time: duration(performance.now() - began) });
      return true;
    } catch (fault) {
      if (controller.signal.aborted) {
        this.report("Stopped.");
      } else {
        this.report("{reason}", { reason: say(fault.message) }, true);
      }
      return false;
    } finally {
      this.controller = null;
      this.show();
    }
  }

  /** Stop the computation, if one is running. */
  stop() {
    this.controller?.abort();
  }

  show() {
    const hadFocus = [this.startButton, this.stopButton].includes(document.activeElement);
    this.stopButton.hidden = !this.isRunning;
    for (const element of this.others) {
      element.disabled = this.isRunning;
    }
    this.startButton.hidden = this.isRunning;
    if (hadFocus) {
      (this.isRunning ? this.stopButton : this.startButton).focus();
    }
    this.element.closest("section")?.setAttribute("aria-busy", String(this.isRunning));
  }
}
