/**
 * The next piece: the likeliest one, or a sample with temperature, top-k, top-p and min-p. The counterpart of
 * `seq2seq.decoding.sampling`.
 */

import { largest, refuseNaN } from "./penalties.js";
import { RandomNumbers } from "./random_numbers.js";

/**
 * Returns scores divided by the temperature; excluded pieces have minus infinity.
 *
 * @param {Float32Array} scores - of one text.
 * @param {{temperature: number, topK: number, topP: number, minP: number}} options
 * @returns {Float32Array}
 */
export function truncate(scores, { temperature, topK, topP, minP }) {
  let kept = scores.map((score) => score / temperature);
  const atLeast = (threshold) => kept.map((score) => (score < threshold ? -Infinity : score));
  if (topK > 0 && topK < kept.length) kept = atLeast(largest(kept, 0, kept.length, topK).at(-1).value);
  if (minP > 0) kept = atLeast(Math.fround(maximum(kept) + Math.log(minP)));
  return topP < 1 ? nucleus(kept, topP) : kept;
}

/** Returns scores with minus infinity outside the smallest set of likeliest pieces with a total probability. */
function nucleus(scores, share) {
  const probabilities = softmax(scores);
  // Pieces less likely than this have less than 1 - share together, so the others reach the share without them.
  const least = (1 - share) / scores.length;
  const order = Array.from(probabilities.keys())
    .filter((place) => probabilities[place] >= least)
    .sort((one, other) => probabilities[other] - probabilities[one]);
  const result = new Float32Array(scores.length).fill(-Infinity);
  let mass = 0;
  for (const place of order) {
    // A piece is excluded if the likelier pieces reach the share without it.
    const before = mass;
    mass = Math.fround(mass + probabilities[place]);
    if (before >= share) break;
    result[place] = scores[place];
  }
  return result;
}

/** Returns the probabilities of scores. */
export function softmax(scores) {
  const most = maximum(scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function maximum(scores) {
  return scores.reduce((most, score) => (score > most ? score : most), -Infinity);
}

/**
 * Chooses a piece by inverting the cumulative distribution.
 *
 * @param {Float32Array} scores - of one text.
 * @param {number} uniform - a random number in [0, 1).
 */
export function draw(scores, uniform) {
  const probabilities = softmax(scores);
  const total = probabilities.reduce((sum, probability) => sum + probability, 0);
  refuseNaN(total);
  const wanted = uniform * total;
  let passed = 0;
  let place = -1;
  do {
    place++;
    passed += probabilities[place];
  } while (passed <= wanted && place + 1 < scores.length);
  return place;
}

/** Takes the likeliest piece each time. */
export class Likeliest {
  /** Returns a piece for each of `count` texts; texts that share one row choose the same. */
  choose(rows) {
    return rows.map((scores) => largest(scores, 0, scores.length, 1)[0].place);
  }

  select() {}
}

/** Samples pieces with random numbers that depend only on the seed and the number of each text. */
export class Sampler {
  /**
   * @param {object} options - of sampling, as in model.json.
   * @param {bigint[]} numbers - of the texts.
   */
  constructor(options, numbers) {
    this.options = options;
    this.random = numbers.map((number) => new RandomNumbers(options.seed, number));
  }

  choose(rows) {
    const kept = new Map();
    return rows.map((scores, row) => {
      // Texts that continue one prompt share the row of its first piece.
      if (!kept.has(scores)) kept.set(scores, truncate(scores, this.options));
      return draw(kept.get(scores), this.random[row].uniform());
    });
  }

  select(rows) {
    this.random = rows.map((row) => this.random[row]);
  }
}

/** Returns a sampler for some texts; without options, a greedy chooser. */
export function chooser(options, numbers) {
  return options ? new Sampler(options, numbers) : new Likeliest();
}
