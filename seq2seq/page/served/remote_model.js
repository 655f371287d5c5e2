/** A model of the server, with the interface of the models that a page computes itself (`engine/model.js`). */

import { phrasesOf } from "./server_sentences.js";

/** Names of the options in requests. */
const OPTIONS = {
  method: "method",
  beamSize: "beam_size",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  seed: "seed",
  maxLength: "max_length",
};
const MOSTLY = 0.5; // a piece counts as copied if this share of its probability is due to copying
const MOST_KEPT = 100;
const UNDETERMINED = "und";

/** A model on the server. */
export class RemoteModel {
  /**
   * @param {import("./server.js").Server} server
   * @param {object} description An entry of the server's list of models.
   */
  constructor(server, description) {
    const { name, task, kind, decoding } = description;
    const { method, beam_size: beamSize, temperature, top_p: topP, top_k: topK, min_p: minP } = decoding;
    const given = { method, beamSize, temperature, topP, topK, minP };
    this.server = server;
    this.name = name;
    this.task = task;
    this.kind = kind;
    this.path = description.endpoint.replace(/^\//, "");
    this.info = {
      title: description.title,
      summary: description.summary,
      sourceLanguage: language(description.source_language),
      targetLanguage: language(description.target_language),
      openers: description.openers ?? [],
      maxLength: decoding.max_length ?? 0,
      decoding: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null)),
    };
    this.hasAttention = Boolean(description.has_attention);
    if (!this.hasAttention) {
      this.explain = null; // there is nothing to explain a reply with
    }
    this.kept = new Map(); // results of searches by their request: a text has many lines, of which one changes
  }

  /**
   * Find outputs for a text, or continue a prompt or a conversation. See `Model.decode` in `engine/model.js`; the
   * result of a conversation also has `remembered`, the number of turns that were read, and `notices`, phrases
   * with their values that the user should know.
   */
  async decode(text, { signal, onText = () => {}, ...options } = {}) {
    if (this.kind === "text") {
      return this.#written(text, options, { signal, onText });
    }
    return this.kind === "dialogue"
      ? this.#replied(text, options, { signal, onText })
      : this.#converted(text, options, { signal, onText });
  }

  /**
   * Return what `decode` returns, but for a reply that is given.
   *
   * @param {string} reply
   * @param {object} call
   * @param {string[]} call.history The turns before it.
   * @param {string[]} call.persona
   * @param {AbortSignal} [call.signal]
   */
  async explain(reply, { history, persona, signal }) {
    const request = { model: this.name, messages: messages(history, persona), reply, attention: true };
    return resultOf(await this.server.ask(this.path, request, signal), reply);
  }

  async #converted(text, { count = 1, ...options }, { signal, onText }) {
    const request = {
      model: this.name,
      q: text,
      alternatives: count - 1,
      attention: this.hasAttention,
      scores: true,
      options: renamed(options),
    };
    const isSearch = options.method !== "sample";
    const key = JSON.stringify(request);
    if (isSearch && this.kept.has(key)) {
      return this.kept.get(key);
    }
    // A stream has one output; a search has none before its end.
    const isStream = count === 1 && options.method !== "beam";
    const answer = isStream
      ? await this.server.stream(this.path, request, { signal, onPart: growing(onText) })
      : await this.server.ask(this.path, request, signal);
    const result = resultOf(answer, answer.translatedText ?? answer.summary ?? "");
    if (isSearch) {
      this.kept.set(key, result);
      if (this.kept.size > MOST_KEPT) {
        this.kept.delete(this.kept.keys().next().value);
      }
    }
    return result;
  }

  async #replied(text, { history = [], persona = [], draw = 0, ...options }, { signal, onText }) {
    const request = {
      model: this.name,
      messages: messages([...history, text], persona),
      draw,
      attention: this.hasAttention,
      options: renamed(options),
    };
    const answer = await this.server.stream(this.path, request, { signal, onPart: growing(onText) });
    return { ...resultOf(answer, answer.reply), remembered: answer.remembered, notices: phrasesOf(answer.notice) };
  }

  async #written(prompt, options, { signal, onText }) {
    const request = { model: this.name, prompt, options: renamed(options) };
    const answer = await this.server.stream(this.path, request, { signal, onPart: growing(onText) });
    return { ...resultOf(answer, answer.text), prompt: answer.prompt };
  }
}

/** Return the code of a language, or null if the model does not name it. */
function language(code) {
  return code === UNDETERMINED ? null : code;
}

/** Return the messages of a conversation in which the user speaks first. */
function messages(turns, persona) {
  const spoken = turns.map((content, number) => ({ role: number % 2 ? "assistant" : "user", content }));
  return persona.length ? [{ role: "system", content: persona.join("\n") }, ...spoken] : spoken;
}

/** Return a function that takes the parts of a text, and calls `onText` with the text so far. */
function growing(onText) {
  let text = "";
  return (part) => {
    text += part;
    onText(text);
  };
}

/** Return options with the names that the server reads; those that are left to the model are left out. */
function renamed(options) {
  const chosen = Object.entries(OPTIONS).filter(([name]) => options[name] !== undefined && options[name] !== null);
  const named = Object.fromEntries(chosen.map(([name, sent]) => [sent, options[name]]));
  if (!named.max_length) {
    delete named.max_length;
  }
  return named;
}

/** Return the log probability of an output per piece, its end included; null if the server did not send it. */
function perPiece({ log_probability: logProbability, pieces }) {
  return typeof logProbability === "number" ? logProbability / ((pieces?.length ?? 0) + 1) : null;
}

/** Return the result of an answer, whose best output is `text` if the answer has no details. */
function resultOf(answer, text) {
  const outputs = (answer.outputs ?? [{ text }]).map((output) => ({
    text: output.text,
    pieces: output.pieces ?? [],
    score: perPiece(output),
    attention: output.attention ?? [],
    copied: (output.copied ?? []).map((share) => Number(share) > MOSTLY),
  }));
  const [best] = answer.outputs ?? [{}];
  return { outputs, source: { pieces: best?.source_pieces ?? [], wasCut: (best?.lost ?? 0) > 0 } };
}
