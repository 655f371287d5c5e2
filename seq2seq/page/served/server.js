/** Talks to the server: JSON in and out, streams of server-sent events, and faults in the words of the page. */

import { phrasesOf } from "./server_sentences.js";

const BASE = document.baseURI;
const KEY = "seq2seq.key";
const LOST = "The connection to the server was lost. Check that it is running, and try again.";
/** What is said about an answer of the server by its status; the server's own sentence for all others. */
const PHRASES = {
  401: "The server requires a key. Enter one at the top of the page, and try again.",
  403: "The server does not accept this key. Enter another one at the top of the page, and try again.",
  404: "The server no longer has this model. Reload the page.",
  413: "The text is too long for this server. Shorten it, and try again.",
  429: "Too many requests. Wait {seconds} seconds, and try again.",
  503: "The server is busy. Wait {seconds} seconds, and try again.",
  504: "The answer took too long. Shorten the text, or lower the beam size, and try again.",
};
const WAIT = "5"; // seconds, if the server does not say how long

/** A request that failed. Its `phrase` and `values` are for `put`. */
export class ServerFault extends Error {
  constructor(phrase, values = {}) {
    super(phrase);
    Object.assign(this, { phrase, values });
  }
}

/** The server that the page came from. */
export class Server {
  constructor() {
    this.onRefusal = () => {}; // called when the server asks for a key
  }

  /** The key that is sent with each request, "" for none. It is forgotten when the window is closed. */
  get key() {
    try {
      return sessionStorage.getItem(KEY) ?? "";
    } catch {
      return this.unstored ?? "";
    }
  }

  set key(value) {
    this.unstored = value;
    try {
      sessionStorage.setItem(KEY, value);
    } catch {
      // A browser that stores nothing asks again after the page is reloaded.
    }
  }

  /**
   * Return the answer to a request.
   *
   * @param {string} path Address relative to the page.
   * @param {object} [body] What is posted; without it, the request is a GET.
   * @param {AbortSignal} [signal]
   * @returns {Promise<object>}
   * @throws {ServerFault}
   */
  async ask(path, body, signal) {
    const response = await this.send(path, body, signal);
    return heard(() => response.json(), signal);
  }

  /**
   * Return the last event of a stream, which has the whole answer.
   *
   * @param {string} path Address relative to the page.
   * @param {object} body What is posted.
   * @param {object} call
   * @param {AbortSignal} [call.signal]
   * @param {(part: string) => void} [call.onPart] Called with each part of the text.
   * @returns {Promise<object>}
   * @throws {ServerFault}
   */
  async stream(path, body, { signal, onPart = () => {} }) {
    const response = await this.send(path, { ...body, stream: true }, signal);
    const events = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (;;) {
      const { done, value } = await heard(() => events.read(), signal);
      if (done) {
        throw new ServerFault(LOST); // a stream ends with an event that says so
      }
      const lines = (waiting + value).split(/\r?\n/);
      waiting = lines.pop();
      for (const line of lines.filter((each) => each.startsWith("data:"))) {
        const event = JSON.parse(line.slice("data:".length));
        if (event.error) {
          throw this.fault(500, event.error, null); // an event has no status
        }
        if (event.done) {
          return event;
        }
        onPart(event.text ?? "");
      }
    }
  }

  /** Send a request, and return the response if the server accepts it. */
  async send(path, body, signal) {
    const headers = { ...(this.key && { Authorization: `Bearer ${this.key}` }) };
    const request = body ? { method: "POST", body: JSON.stringify(body) } : {};
    if (body) {
      headers["Content-Type"] = "application/json";
    }
    const options = { ...request, headers, signal, cache: "no-store", credentials: "same-origin" };
    const response = await heard(() => fetch(new URL(path, BASE), options), signal);
    if (!response.ok) {
      const sentence = await response.json().then(
        ({ error, detail }) => String(error?.message ?? error ?? detail ?? ""),
        () => "", // a proxy answers with a page of its own
      );
      throw this.fault(response.status, sentence, response.headers.get("Retry-After"));
    }
    return response;
  }

  /** Return the fault of a status. */
  fault(status, sentence, wait) {
    if (status === 401 || status === 403) {
      this.onRefusal();
    }
    if (PHRASES[status]) {
      return new ServerFault(PHRASES[status], { seconds: wait || WAIT });
    }
    if (sentence) {
      const phrases = phrasesOf(sentence);
      const [{ phrase, values }] = phrases.length === 1 ? phrases : [{ phrase: "{reason}", values: { reason: sentence } }];
      return new ServerFault(phrase, values);
    }
    return new ServerFault("The server failed ({status}). Try again, or check its log.", { status });
  }
}

/** Return what an action of the network returns; a failure is a lost connection, unless it was stopped. */
async function heard(act, signal) {
  try {
    return await act();
  } catch (fault) {
    throw signal?.aborted ? fault : new ServerFault(LOST);
  }
}
