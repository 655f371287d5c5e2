/**
 * Beam search over the steps of the network, for one source; the counterpart of `seq2seq.decoding.beam_search`, which
 * explains the bounds, `patience` and the groups of diverse beam search.
 *
 * Shapes: `K` beams of a group, `G` groups, `N` rows (the beams of all groups), `M` continuations of a row.
 */

import { Constraints } from "./constraints.js";
import { hypothesisOf } from "./hypothesis.js";
import { coveragePenalty, largest, lengthPenalty, refuseNaN } from "./penalties.js";

/**
 * A live hypothesis.
 *
 * @typedef {object} Beam
 * @property {number} logProbability - with the penalty on repeated pieces.
 * @property {import("./hypothesis.js").Link | null} link
 * @property {number[]} history - its ids.
 * @property {Float32Array | null} coverage - the sum of its attention, if the ranking needs it.
 */

/** One beam group: its live and its finished hypotheses. */
class Group {
  constructor(coverage) {
    this.beams = [{ logProbability: 0, link: null, history: [], coverage }];
    this.finished = [];
    this.waited = 0;
    this.isOver = false;
  }

  /** Returns whether no live hypothesis can be among the best `wanted` if it ends with a length penalty. */
  isBeaten(penalty, wanted) {
    const best = Math.max(...this.beams.map(({ logProbability }) => logProbability));
    return Math.fround(best / penalty) <= (this.finished[wanted - 1]?.score ?? -Infinity);
  }
}

/**
 * Finds the best outputs of a source.
 *
 * @param {object} request
 * @param {import("./network.js").Network} request.network
 * @param {import("./network.js").Memory} request.memory
 * @param {{ids: number[], copies: number[]}} request.source
 * @param {import("./tokenizer.js").Tokenizer} request.target
 * @param {object} request.search - options, as in model.json; `beamSize` is at least 2.
 * @param {number} request.count - number of hypotheses returned, at most `beamSize`.
 * @param {import("./pauses.js").Pauses} request.pauses
 * @param {(ids: number[]) => void} [request.onPieces] - called with the best live hypothesis before each pause.
 * @returns {Promise<import("./hypothesis.js").Hypothesis[]>} best first; fewer than `count` if fewer exist.
 */
export async function beamSearch({ network, memory, source, target, search, count, pauses, onPieces }) {
  const { ids, copies } = source;
  const constraints = new Constraints(target, search, { length: ids.length, copies }, memory.extra > 0);
  const beams = search.beamSize / search.groups;
  const wanted = search.groups === 1 ? count : beams; // every group may find the same hypotheses
  const coverage = search.coverageBeta ? new Float32Array(memory.length) : null;
  const groups = Array.from({ length: search.groups }, () => new Group(coverage));
  let state = network.start(memory, groups.length);
  let tokens = groups.map(() => target.start);

  for (let time = 1; ; time++) {
    const step = await network.step(tokens, state, memory);
    const chosen = scoredContinuations(step, groups, constraints, search, time);
    const rows = [];
    tokens = [];
    groups.forEach((group, number) => {
      const continuations = chosen[number].map((one) => extended(one, step, memory, search));
      finish(group, continuations.slice(0, beams), target.end, search, time, beams);
      const living = unendedFirst(continuations, target.end).slice(0, beams);
      group.beams = living.map((one) => {
        tokens.push(one.link.token);
        rows.push(one.link.row);
        return { ...one, history: [...one.history, one.link.token] };
      });
      group.beams.forEach((beam) => refuseNaN(beam.logProbability));
      // The largest possible penalty: at the length limit, plus the end token.
      const attainable = lengthPenalty(constraints.limit + 1, search);
      group.waited = group.isBeaten(lengthPenalty(time + 1, search), wanted) ? group.waited + 1 : 0;
      group.isOver =
        group.isBeaten(attainable, wanted) ||
        constraints.limit < time ||
        (search.patience > 0 && group.waited >= search.patience);
    });
    if (groups.every(({ isOver }) => isOver)) return best(groups, count, memory);
    state = step.state.select(rows);
    if (onPieces && pauses.isDue) onPieces(groups[0].beams[0].history);
    await pauses.take();
  }
}

/** Returns the best 2K continuations of each group. */
function scoredContinuations(step, groups, constraints, search, time) {
  const { width } = step;
  const rows = groups.flatMap((group) => group.beams);
  const scores = constraints.changesScores ? step.scores.slice() : step.scores;
  constraints.apply(scores, width, rows.map(({ history }) => history), time - 1);
  // One row may supply all the next beams and an end token.
  const likely = rows.map((beam, row) => {
    return largest(scores, row * width, (row + 1) * width, search.beamSize + 1).map(({ value, place }) => {
      return { beam, row, token: place, logProbability: Math.fround(value + beam.logProbability) };
    });
  });
  const taken = [];
  const beams = search.beamSize / groups.length;
  return groups.map((group, number) => {
    const size = group.beams.length;
    const candidates = likely.slice(number * size, (number + 1) * size).flat();
    const values = candidates.map(({ logProbability, token }) => {
      return logProbability - search.diversity * taken.filter((other) => other === token).length;
    });
    const order = largest(Float32Array.from(values), 0, values.length, 2 * beams);
    const chosen = order.map(({ place }) => candidates[place]);
    // With a small vocabulary, or at the first step, there may be fewer continuations.
    while (chosen.length < 2 * beams) chosen.push({ ...candidates[0], token: 0, logProbability: -Infinity });
    if (groups.length > 1) {
      const living = unendedFirst(chosen, constraints.end).slice(0, beams);
      taken.push(
        ...living.map(({ token, logProbability }) => {
          return token === constraints.end || logProbability === -Infinity ? -1 : token;
        }),
      );
    }
    return chosen;
  });
}

/** Returns a continuation as a beam whose history does not include its last piece yet. */
function extended({ beam, row, token, logProbability }, step, memory, search) {
  const value = step.scores[row * step.width + token];
  let coverage = null;
  if (search.coverageBeta) {
    coverage = beam.coverage.map((sum, place) => sum + step.trace.attention[row * memory.length + place]);
  }
  const link = { before: beam.link, token, trace: step.trace, row, value };
  return { logProbability, link, history: beam.history, coverage, token };
}

/** Adds the continuations that end to the finished hypotheses of a group, and keeps the best. */
function finish(group, continuations, end, search, time, beams) {
  for (const { logProbability, link, coverage } of continuations) {
    if (link.token !== end || logProbability === -Infinity) continue;
    let score = Math.fround(logProbability / lengthPenalty(time, search));
    if (coverage) score = Math.fround(score + coveragePenalty(coverage, search.coverageBeta));
    group.finished.push({ score, link });
  }
  group.finished.sort((one, other) => other.score - one.score);
  group.finished.length = Math.min(group.finished.length, beams);
}

/** Returns continuations that do not end first, otherwise in order; those that end have no probability any more. */
function unendedFirst(continuations, end) {
  const isEnd = ({ token, logProbability }) => token === end && logProbability > -Infinity;
  return [
    ...continuations.filter((one) => !isEnd(one)),
    ...continuations.filter(isEnd).map((one) => ({ ...one, logProbability: -Infinity })),
  ];
}

/** Returns the best finished hypotheses of all groups; those found by several groups are returned once. */
function best(groups, count, memory) {
  const finished = groups.flatMap((group) => group.finished).sort((one, other) => other.score - one.score);
  const found = new Map();
  for (const { score, link } of finished) {
    const hypothesis = hypothesisOf(link, score, memory);
    const key = hypothesis.ids.join(" ");
    if (!found.has(key)) found.set(key, hypothesis);
  }
  return [...found.values()].slice(0, count);
}
