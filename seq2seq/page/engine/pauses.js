/** Pauses between the steps of decoding, so that the page stays responsive and a text can be stopped. */

/** Milliseconds of computation between two pauses: a page that draws 60 pictures a second has 16. */
const BETWEEN = 12;

export class Pauses {
  #last = performance.now();

  /** @param {AbortSignal} [signal] - stops the decoding. */
  constructor(signal) {
    this.signal = signal;
  }

  /**
   * Lets the browser handle events if some time has passed.
   *
   * @throws {*} The signal's reason, if it is aborted.
   */
  async take() {
    if (performance.now() - this.#last >= BETWEEN) {
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
