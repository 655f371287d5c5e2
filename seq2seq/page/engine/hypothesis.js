/**
 * Texts that grow piece by piece. Each `Link` is a piece with the link before it, so hypotheses share their beginnings.
 */


/**
 * A piece of a text.
 *
 * @typedef {object} Link
 * @property {Link | null} before
 * @property {number} token
 * @property {import("./network.js").Trace} trace - of the step that scored the piece.
 * @property {number} row - the row of the step.
 * @property {number} value - the piece's log probability before constraints.
 */

/**
 * An output found by search or sampling.
 *
 * @typedef {object} Hypothesis
 * @property {number[]} ids - without the end token.
 * @property {number} score - for ranking: the log probability with penalties.
 * @property {number} logProbability - without penalties, end token included.
 * @property {number[][]} attention - [T][S]; [] without attention.
 * @property {number[]} copied - [T], the share of each piece's probability that is due to copying; [] without copying.
 */

/** Returns the links of a text, the first one first. */
export function linksOf(last) {
  const links = [];
  for (let link = last; link; link = link.before) links.push(link);
  return links.reverse();
}

/**
 * Returns a finished text as a hypothesis.
 *
 * @param {Link} last - the link of its end token.
 * @param {number} score
 * @param {import("./network.js").Memory} memory
 * @returns {Hypothesis}
 */
export function hypothesisOf(last, score, memory) {
  const links = linksOf(last);
  const pieces = links.slice(0, -1);
  return {
    ids: pieces.map(({ token }) => token),
    score,
    logProbability: links.reduce((sum, { value }) => sum + value, 0),
    attention: memory.length && last.trace.attention.length ? pieces.map((link) => attentionOf(link, memory)) : [],
    copied: last.trace.copying ? pieces.map((link) => copiedShare(link, memory)) : [],
  };
}

function attentionOf({ trace, row }, { length }) {
  return Array.from(trace.attention.subarray(row * length, (row + 1) * length));
}

/** Returns the share of a piece's probability that is due to copying. */
function copiedShare(link, memory) {
  const place = memory.copies.indexOf(link.token);
  return place < 0 ? 0 : Math.exp(link.trace.copying[link.row * memory.length + place] - link.value);
}

