/** Continues prompts with a language model; the counterpart of `seq2seq.decoding.prompt_continuation`. */

import { Constraints } from "./constraints.js";
import { Texts } from "./left_to_right.js";
import { refuseNaN } from "./penalties.js";
import { chooser } from "./sampling.js";

/** Number of recent pieces, prompt included, that constraints look at. */
const LONGEST_HISTORY = 512;
/** Number of prompt pieces that the graph reads at once. */
const PART = 512;

/**
 * A generated piece.
 *
 * @typedef {object} Piece
 * @property {number} row - index of its text.
 * @property {number} token
 * @property {number} logProbability - before constraints and truncation.
 * @property {number} seam - index of the seam from which its text continues.
 */

/**
 * Continues a prompt, with several continuations side by side.
 *
 * @param {object} request
 * @param {import("./network.js").Network} request.network
 * @param {{ids: number[], seams: import("./token_healing.js").Seam[]}} request.prompt
 * @param {import("./tokenizer.js").Tokenizer} request.target
 * @param {object} request.search - constraints; `maxLength` 0 sets no limit.
 * @param {object | null} request.sampling - null for the likeliest piece each time.
 * @param {number} request.begin - id before the first piece of a text.
 * @param {boolean} request.hasEnd - whether the model was trained with an end token.
 * @param {bigint[]} request.numbers - of the texts; seed and number together determine a sample.
 * @yields {Piece[]} the next piece of each unfinished text.
 */
export async function* continuePrompt({ network, prompt, target, search, sampling, begin, hasEnd, numbers }) {
  const places = await placesOf(network, [begin, ...prompt.ids], prompt.seams);
  const memory = network.withoutSource();
  const constraints = new Constraints(target, search, { length: 0 }, true, hasEnd);
  const chosen = chooser(sampling, numbers);
  const { tokens, seams, values } = first(places, prompt, constraints, chosen, numbers.length);
  const [state, ...others] = places.map((place) => place.state);
  const texts = new Texts({
    network,
    memory,
    state: state.followedBy(others).select(seams),
    constraints,
    chooser: chosen,
    tokens,
    histories: seams.map((seam) => prompt.ids.slice(0, prompt.seams[seam].kept).slice(-LONGEST_HISTORY)),
    length: 1,
  });
  texts.values = values;
  yield piecesOf(texts, seams);
  texts.leave(LONGEST_HISTORY);
  while (texts.tokens.length && texts.length !== search.maxLength) {
    await texts.advance();
    yield piecesOf(texts, seams);
    texts.leave(LONGEST_HISTORY);
  }
}

function piecesOf(texts, seams) {
  const { hasEnd, end } = texts.constraints;
  return texts.tokens.map((token, row) => {
    const number = texts.numbers[row];
    // An end that was never trained has no probability of its own.
    const logProbability = token === end && !hasEnd ? 0 : texts.values[row];
    return { row: number, token, logProbability, seam: seams[number] };
  });
}

/** Reads a prompt, begun with the begin id; returns scores, state and log probability of its pieces at each seam. */
async function placesOf(network, ids, seams) {
  const begin = Math.min(...seams.map(({ kept }) => kept));
  const memory = network.withoutSource();
  let state = network.start(memory, 1);
  for (let place = 0; place < begin; place += PART) {
    state = await network.read(ids.slice(place, Math.min(begin, place + PART)), state);
  }
  const places = [];
  let total = 0;
  for (let kept = begin; kept < ids.length; kept++) {
    const step = await network.step([ids[kept]], state, memory);
    state = step.state;
    refuseNaN(step.scores[0]);
    places.push({ scores: step.scores, state, logProbability: total });
    if (kept + 1 < ids.length) total += step.scores[ids[kept + 1]];
  }
  return seams.map(({ kept }) => places[kept - begin]);
}

/** Chooses the first piece of each text among the candidates of all seams. */
function first(places, prompt, constraints, chosen, count) {
  const { end } = constraints;
  const width = places[0].scores.length;
  const joined = new Float32Array(places.length * width);
  places.forEach(({ scores, logProbability }, number) => {
    const { kept, first: allowed } = prompt.seams[number];
    const row = scores.slice();
    constraints.apply(row, width, [prompt.ids.slice(0, kept).slice(-LONGEST_HISTORY)], 0);
    if (allowed.length) {
      const ids = new Set(allowed);
      row.forEach((_, id) => {
        if (!ids.has(id)) row[id] = -Infinity;
      });
    } else if (!constraints.mayEnd(0)) row[end] = -Infinity;
    joined.set(row.map((score) => score + logProbability), number * width);
  });
  if (joined.every((score) => score === -Infinity)) joined[end] = 0; // nothing is allowed: the text ends
  const choices = chosen.choose(new Array(count).fill(joined));
  const seams = choices.map((place) => Math.floor(place / width));
  const tokens = choices.map((place) => place % width);
  return { tokens, seams, values: tokens.map((token, row) => places[seams[row]].scores[token]) };
}
