/**
 * Segments normalised text into the pieces of a sentencepiece model: merging (BPE), the likeliest path (unigram),
 * words or characters. The result equals that of the sentencepiece library.
 *
 * Each function takes the characters of a text, with U+2581 for spaces, and returns spellings. A spelling without a
 * piece is a single character or, in a word model, a word.
 */

export const BLANK = "\u2581";
const UNKNOWN_PENALTY = 10;

/**
 * Merges the best pair of neighbours again and again (Sennrich et al. 2016).
 *
 * @param {string[]} characters
 * @param {Map<string, number>} scores - by spelling; the pair with the highest score is merged first, the leftmost of
 *     equals.
 * @param {Set<string>} unused - pieces that may be formed on the way, but are split again at the end.
 * @returns {string[]}
 */
export function merge(characters, scores, unused) {
  const count = characters.length;
  const symbols = characters.slice();
  const before = symbols.map((_, place) => place - 1);
  const after = symbols.map((_, place) => (place + 1 < count ? place + 1 : -1));
  const origins = new Map();
  const pairs = new Heap();

  const consider = (left, right) => {
    if (left < 0 || right < 0) return;
    const spelling = symbols[left] + symbols[right];
    const score = scores.get(spelling);
    if (score === undefined) return;
    pairs.push({ score, left, right, size: spelling.length });
    if (unused.has(spelling)) origins.set(spelling, [symbols[left], symbols[right]]);
  };

  for (let place = 1; place < count; place++) consider(place - 1, place);
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const { left, right, size } = pair;
    // One of the two may have been merged with another neighbour since.
    if (!symbols[left] || !symbols[right] || symbols[left].length + symbols[right].length !== size) continue;
    symbols[left] += symbols[right];
    symbols[right] = "";
    after[left] = after[right];
    if (after[right] >= 0) before[after[right]] = left;
    consider(before[left], left);
    consider(left, after[left]);
  }

  const spellings = [];
  const add = (spelling) => {
    const parts = unused.has(spelling) ? origins.get(spelling) : undefined;
    if (parts) parts.forEach(add);
    else spellings.push(spelling);
  };
  for (let place = 0; place >= 0 && place < count; place = after[place]) add(symbols[place]);
  return spellings;
}

/** A priority queue of pairs: the highest score first, the leftmost of equals. */
class Heap {
  #items = [];

  push(item) {
    const items = this.#items;
    let place = items.push(item) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!comesBefore(item, items[parent])) break;
      items[place] = items[parent];
      place = parent;
    }
    items[place] = item;
  }

  pop() {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && comesBefore(items[child + 1], items[child])) child++;
      if (!comesBefore(items[child], last)) break;
      items[place] = items[child];
      place = child;
    }
    items[place] = last;
    return first;
  }
}

function comesBefore(one, other) {
  return one.score > other.score || (one.score === other.score && one.left < other.left);
}

/**
 * Returns the segmentation with the highest sum of scores (Kudo 2018), in the library's single precision.
 *
 * @param {string[]} characters
 * @param {Map<string, number>} scores - log probability of each piece, by spelling.
 * @param {number} longest - number of characters of the longest piece.
 * @param {number} least - the lowest score of a piece; a character without a piece has a score far below it.
 * @returns {string[]}
 */
export function likeliestPath(characters, scores, longest, least) {
  const count = characters.length;
  const unknown = Math.fround(least - UNKNOWN_PENALTY);
  const best = new Float32Array(count + 1);
  const starts = new Int32Array(count + 1).fill(-1);
  const reach = (start, end, score) => {
    const total = Math.fround(best[start] + score);
    if (starts[end] < 0 || total > best[end]) {
      best[end] = total;
      starts[end] = start;
    }
  };
  for (let start = 0; start < count; start++) {
    let spelling = "";
    let isKnown = false;
    for (let end = start + 1; end <= Math.min(count, start + longest); end++) {
      spelling += characters[end - 1];
      const score = scores.get(spelling);
      if (score === undefined) continue;
      reach(start, end, score);
      isKnown ||= end === start + 1;
    }
    if (!isKnown) reach(start, start + 1, unknown);
  }
  const spellings = [];
  for (let end = count; end > 0; end = starts[end]) {
    spellings.push(characters.slice(starts[end], end).join(""));
  }
  return spellings.reverse();
}

/** Returns the words, each of which begins with its space. */
export function words(characters) {
  const result = [];
  for (const character of characters) {
    if (character === BLANK || result.length === 0) result.push(character);
    else result[result.length - 1] += character;
  }
  return result;
}
