/** Runs one computation of a view at a time: its buttons, its message, and stopping it. */

import { button, make } from "./elements.js";
import { duration, put } from "./phrases.js";

const BETWEEN_PICTURES = 100; // milliseconds

/**
 * Return a function that shows a growing text at intervals: drawing it at each step would take as long as the step.
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
    this.pressed = null; // the button that gets the focus back
    this.wasStopped = false; // by the user, the last time
    this.ended = Promise.resolve(); // when the last computation has ended
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
    const result = this.#computed(work);
    this.ended = result;
    return result;
  }

  async #computed(work) {
    const controller = new AbortController();
    const began = performance.now();
    this.controller = controller;
    this.wasStopped = false;
    this.show();
    this.report("Working");
    try {
      await work(controller.signal);
      performance.measure("computation", { start: began });
      this.report("Done in {time}.", { time: duration(performance.now() - began) });
      return true;
    } catch (fault) {
      this.wasStopped = controller.signal.aborted;
      if (this.wasStopped) {
        this.report("Stopped.");
      } else {
        this.report(fault.phrase ?? fault.message, fault.values ?? {}, true);
      }
      return false;
    } finally {
      this.controller = null;
      this.show();
    }
  }

  /** Stop the computation, if one is running, and wait until it has ended. */
  async stop() {
    this.controller?.abort();
    await this.ended;
  }

  show() {
    const buttons = [...this.others, this.stopButton];
    const focused = buttons.find((one) => one === document.activeElement);
    this.stopButton.hidden = !this.isRunning;
    for (const element of this.others) {
      element.disabled = this.isRunning;
    }
    this.startButton.hidden = this.isRunning;
    if (focused && this.isRunning) {
      this.pressed = focused;
      this.stopButton.focus();
    } else if (focused) {
      (this.pressed ?? this.startButton).focus();
    }
    this.element.closest("section")?.setAttribute("aria-busy", String(this.isRunning));
  }
}
