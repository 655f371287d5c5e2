/** Length and coverage penalties of hypotheses, and the largest of many scores; see `seq2seq.decoding.penalties`. */

/**
 * Returns the divisor for log probabilities of a length, end token included.
 *
 * @param {number} length
 * @param {{lengthPenalty: "none" | "average" | "gnmt", lengthAlpha: number}} options
 */
export function lengthPenalty(length, { lengthPenalty: kind, lengthAlpha }) {
  if (kind === "average") return Math.fround(length ** lengthAlpha);
  if (kind === "gnmt") return Math.fround(((5 + length) / 6) ** lengthAlpha); // Wu et al. 2016, equation 14
  return 1;
}

/** Returns the coverage penalty (Wu et al. 2016, equation 14): 0 if every source position was attended to. */
export function coveragePenalty(coverage, beta) {
  return beta * coverage.reduce((sum, weight) => sum + Math.log(Math.min(Math.max(weight, 1e-10), 1)), 0);
}

/**
 * Returns the largest scores in order, with their places; equal scores are in the order of their places.
 *
 * @param {ArrayLike<number>} scores
 * @param {number} begin - the first place.
 * @param {number} end - the place after the last.
 * @param {number} count
 * @returns {{value: number, place: number}[]} places count from `begin`.
 */
export function largest(scores, begin, end, count) {
  const size = Math.min(count, end - begin);
  const values = new Float64Array(size);
  const places = new Int32Array(size);
  const insert = (value, place, last) => {
    let rank = last;
    while (rank > 0 && value > values[rank - 1]) {
      values[rank] = values[rank - 1];
      places[rank] = places[rank - 1];
      rank--;
    }
    values[rank] = value;
    places[rank] = place - begin;
  };
  for (let found = 0; found < size; found++) insert(scores[begin + found], begin + found, found);
  let least = values[size - 1];
  for (let place = begin + size; place < end; place++) {
    const value = scores[place];
    if (!(value > least)) continue; // nearly always
    insert(value, place, size - 1);
    least = values[size - 1];
  }
  return Array.from(values, (value, rank) => ({ value, place: places[rank] }));
}

/** Throws an error if a score is not a number. */
export function refuseNaN(score) {
  if (Number.isNaN(score)) {
    throw new Error("The network's scores are not numbers (NaN): its weights are broken, export the model again.");
  }
}
