/**
 * Copying from the source (See et al. 2017): the formulas of `seq2seq.runtime.pointer`.
 *
 * Shapes: `N` rows, `S` source length, `V` vocabulary, `X` ids above it.
 */

const TINY = 1e-30;

/** Returns for each position the first position with the same id, [S]. */
export function firstPlaces(copies) {
  const first = new Map();
  return copies.map((id, place) => {
    if (!first.has(id)) first.set(id, place);
    return first.get(id);
  });
}

/**
 * Returns the log probability of copying the id of each source position, [N * S].
 *
 * @param {Float32Array} gate - [N], log odds of generating versus copying.
 * @param {Float32Array} weights - [N * S], attention.
 * @param {number[]} first - [S], see `firstPlaces`.
 */
export function copied(gate, weights, first) {
  const size = first.length;
  const result = new Float32Array(weights.length);
  for (let row = 0; row < gate.length; row++) {
    const begin = row * size;
    const sums = new Float32Array(size);
    for (let place = 0; place < size; place++) sums[first[place]] += weights[begin + place];
    const share = logSigmoid(-gate[row]);
    for (let place = 0; place < size; place++) {
      result[begin + place] = share + Math.log(Math.max(sums[first[place]], TINY));
    }
  }
  return result;
}

/**
 * Returns the log probabilities of all pieces, [N * (V + X)].
 *
 * @param {Float32Array} scores - [N * V], log probability of each piece given that it is generated.
 * @param {Float32Array} gate - [N].
 * @param {Float32Array} copying - [N * S], see `copied`.
 * @param {{copies: number[], first: number[], extra: number}} memory
 * @param {number} size - V.
 */
export function mixture(scores, gate, copying, memory, size) {
  const { copies, first, extra } = memory;
  const width = size + extra;
  const whole = new Float32Array(gate.length * width).fill(-Infinity);
  for (let row = 0; row < gate.length; row++) {
    const share = logSigmoid(gate[row]);
    for (let id = 0; id < size; id++) whole[row * width + id] = scores[row * size + id] + share;
    copies.forEach((id, place) => {
      if (first[place] !== place) return;
      const at = row * width + id;
      whole[at] = logSum(whole[at], copying[row * copies.length + place]);
    });
  }
  return whole;
}

/** Returns the logarithm of the sum of two probabilities given by their logarithms. */
export function logSum(one, other) {
  const largest = Math.max(one, other);
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(Math.min(one, other) - largest));
}

function logSigmoid(value) {
  return -logSum(0, -value);
}
