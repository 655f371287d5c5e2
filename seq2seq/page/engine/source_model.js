/** A model with a source: translation, summarization, dialogue. The counterpart of `seq2seq.models.source_model`. */

import { beamSearch } from "./beam_search.js";
import { Extension, copyTable, unknownsKept } from "./copy_table.js";
import { between, joinedOutputs } from "./joined_outputs.js";
import { write } from "./left_to_right.js";
import { split } from "./sentences.js";
import { ShortNetwork } from "./shortlist.js";

/** The number of a sample: the text's number in the low bits, above it the place of the sentence, and of the sample. */
const PART_BITS = 30n;
const SAMPLE_BITS = 40n;
/** A piece counts as copied if this share of its probability is due to copying. */
const MOSTLY = 0.5;

export class SourceModel {
  /**
   * @param {object} parts
   * @param {import("./network.js").Network} parts.network
   * @param {{source: import("./tokenizer.js").Tokenizer, target: import("./tokenizer.js").Tokenizer}} parts.tokenizers
   * @param {import("./sources.js").Reader} parts.reader
   * @param {boolean} parts.bySentence - whether a source of several sentences is decoded sentence by sentence.
   */
  constructor({ network, tokenizers, reader, bySentence }) {
    Object.assign(this, { network, tokenizers, reader, bySentence });
    const isCopying = network.options.copying;
    this.extension = isCopying && !tokenizers.target.hasBytes ? new Extension(tokenizers) : null;
    this.table = copyTable(tokenizers);
  }

  /**
   * Finds outputs.
   *
   * @param {string} text
   * @param {import("./decoding_options.js").Decoding} decoding
   * @param {object} call
   * @param {string[]} [call.history] - the earlier turns of a conversation.
   * @param {string[]} [call.persona] - facts about the model, one per line.
   * @param {import("./pauses.js").Pauses} call.pauses
   * @param {(text: string) => void} [call.onText]
   * @returns {Promise<{outputs: object[], source: {pieces: string[], wasCut: boolean}}>}
   */
  async decode(text, decoding, { history = [], persona = [], pauses, onText }) {
    const cut = this.bySentence ? split(text) : null;
    if (!cut) return this.#decoded(this.#encoded(text, history, persona), decoding, 0n, pauses, onText);
    const results = [];
    let whole = "";
    const language = this.reader.options.targetLanguage;
    for (const [place, part] of cut.parts.entries()) {
      const begun = (more) => whole + (cut.breaks[place] || between(whole, more, language)) + more;
      const onPart = onText && ((more) => onText(begun(more)));
      const number = BigInt(place) << PART_BITS;
      const result = await this.#decoded(this.#encoded(part), decoding, number, pauses, onPart);
      results.push(result);
      whole = begun(result.outputs[0].text);
    }
    const outputs = joinedOutputs(
      results.map((result) => result.outputs),
      cut.breaks,
      language,
      decoding.count,
      decoding.sampling === null,
    );
    const pieces = results.flatMap(({ source }) => source.pieces);
    return { outputs, source: { pieces, wasCut: results.some(({ source }) => source.wasCut) } };
  }

  /** Returns the ids of a source, shortened as in training, and what can be copied from it. */
  #encoded(text, history = [], persona = []) {
    const { source: tokenizer, target } = this.tokenizers;
    const source = this.reader.source(text, history, persona);
    const whole = tokenizer.encode(source);
    const kept = this.reader.kept(whole, tokenizer.marks);
    const ids = kept.map((place) => whole[place]);
    const extended = this.extension?.of(ids, unknownsKept(tokenizer, source, whole, kept));
    return {
      ids,
      copies: extended?.copies ?? ids.map((id) => this.table[id] ?? target.padding),
      words: extended?.words ?? [],
      pieces: ids.map((id) => tokenizer.piece(id)),
      wasCut: ids.length < whole.length,
    };
  }

  async #decoded(source, decoding, number, pauses, onText) {
    const described = { pieces: source.pieces, wasCut: source.wasCut };
    if (!source.ids.length) return { outputs: [this.#output(source, nothing())], source: described };
    const { search, sampling, count } = decoding;
    const { network } = this;
    const { target } = this.tokenizers;
    const memory = await network.encode(source.ids, network.options.copying ? source.copies : undefined);
    const short = this.#isListed(source, decoding) ? new ShortNetwork(network, target, source.ids) : null;
    const spelled = (ids) => (short ? ids.map((id) => short.pieces[id]) : ids);
    const request = {
      network: short ?? network,
      memory,
      source,
      target: short?.target ?? target,
      search,
      sampling,
      pauses,
      onPieces: onText && ((ids) => onText(target.decode(spelled(ids), source.words))),
    };
    const outputOf = (found) => this.#output(source, { ...found, ids: spelled(found.ids) });
    if (!sampling && search.beamSize > 1) {
      const outputs = (await beamSearch({ ...request, count })).map(outputOf);
      const distinct = outputs.filter((output, place) => {
        return outputs.findIndex(({ text }) => text === output.text) === place;
      });
      return { outputs: distinct.length ? distinct : [this.#output(source, nothing())], source: described };
    }
    const numbers = Array.from({ length: count }, (_, sample) => number + (BigInt(sample) << SAMPLE_BITS));
    const found = await write({ ...request, numbers });
    return { outputs: found.map(outputOf), source: described };
  }

  /**
   * Returns whether search chooses from the shortlist of a source. What some search options need may not be in it, and
   * characters that are spelled byte by byte are not.
   */
  #isListed({ ids }, { search, sampling }) {
    if (!this.network.separate || sampling) return false;
    const { byteOf } = this.tokenizers.source.model;
    const isFree = !search.noRepeatSourceNgram && search.repetitionPenalty === 1;
    return isFree && !ids.some((id) => byteOf.has(id));
  }

  #output(source, { ids, score, logProbability, attention, copied }) {
    const { target } = this.tokenizers;
    return {
      text: target.decode(ids, source.words),
      ids,
      pieces: ids.map((id) => target.piece(id, source.words)),
      score: logProbability / (ids.length + 1),
      ranking: score,
      logProbability,
      attention,
      copyShares: copied,
      copied: copied.map((share) => share > MOSTLY),
      sourceLength: source.ids.length,
    };
  }
}

function nothing() {
  return { ids: [], score: 0, logProbability: 0, attention: [], copied: [] };
}
