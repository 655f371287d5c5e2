/** Pauses between the steps of decoding, so that the page stays responsive and a text can be stopped. */

/**
 * Milliseconds of computation between two pauses. A page that is busy for at most 50 ms at a time answers events within
 * 100 ms, which feels immediate; more pauses would only draw more pictures, which take time themselves.
 */
const BETWEEN = 40;

export class Pauses {
  #last = performance.now();

  /** @param {AbortSignal} [signal] - stops the decoding. */
  constructor(signal) {
    this.signal = signal;
  }

  /** Whether the next call of `take` lets the browser handle events, and draw. */
  get isDue() {
    return performance.now() - this.#last >= BETWEEN;
  }

  /**
   * Lets the browser handle events if some time has passed.
   *
   * @throws {*} The signal's reason, if it is aborted.
   */
  async take() {
    if (this.isDue) {
      await nextTask();
      this.#last = performance.now();
    }
    this.signal?.throwIfAborted();
  }
}

function nextTask() {
  // A timer would wait for at least four milliseconds.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
