/** Joins the outputs of a source's sentences; the counterpart of `seq2seq.models.splitting`. */

import { isSpace } from "./sentences.js";

/** Languages without spaces between sentences. */
const UNSPACED = new Set("zh ja th lo km my yue wuu lzh".split(" "));
const UNSPACED_END = /^[\u3001-\u303f\u3041-\u30ff\u3400-\u9fff\uff01-\uff65]/;

/** Returns the separator between the outputs of two neighbouring sentences. */
export function between(before, after, language) {
  if (!before || !after || isSpace(before.at(-1))) return "";
  if (language) return UNSPACED.has(language.split("-")[0].toLowerCase()) ? "" : " ";
  return UNSPACED_END.test(before.at(-1)) && UNSPACED_END.test(after) ? "" : " ";
}

/**
 * Returns the outputs of a whole source.
 *
 * @param {object[][]} parts - the outputs of each sentence.
 * @param {string[]} breaks - the line breaks before each sentence.
 * @param {string} language - of the outputs; "" if unknown.
 * @param {number} count - the most outputs.
 * @param {boolean} areRanked - whether the outputs of each sentence are sorted by score; if not, they are samples.
 */
export function joinedOutputs(parts, breaks, language, count, areRanked) {
  if (areRanked) {
    const weights = parts.map(([first]) => weightOf(first));
    return bestCombinations(parts, weights, count).map((chosen) => join(chosen, breaks, weights, language));
  }
  const most = Math.min(count, Math.max(...parts.map((outputs) => outputs.length)));
  return Array.from({ length: most }, (_, number) => {
    const chosen = parts.map((outputs) => outputs[Math.min(number, outputs.length - 1)]);
    return join(chosen, breaks, chosen.map(weightOf), language);
  });
}

/** Returns the number of pieces of an output, end token included. */
function weightOf(output) {
  return output.ids.length + 1;
}

/** Returns the best combinations of one output of each sentence, by the weighted sum of scores, best first. */
function bestCombinations(parts, weights, count) {
  let combinations = [{ total: 0, chosen: [] }];
  parts.forEach((outputs, place) => {
    const longer = combinations.flatMap(({ total, chosen }) =>
      outputs.map((output) => ({ total: total + weights[place] * output.ranking, chosen: [...chosen, output] })),
    );
    combinations = longer.sort((one, other) => other.total - one.total).slice(0, count);
  });
  return combinations.map(({ chosen }) => chosen);
}

function join(outputs, breaks, weights, language) {
  const text = outputs.reduce((whole, output, place) => {
    return whole + (breaks[place] || between(whole, output.text, language)) + output.text;
  }, "");
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const all = (name) => outputs.flatMap((output) => output[name]);
  const areCopied = outputs.every(({ copyShares }) => copyShares.length);
  return {
    text,
    ids: all("ids"),
    pieces: all("pieces"),
    // As in Python, an output of several sentences is as doubtful as its most doubtful one.
    score: Math.min(...outputs.map(({ score }) => score)),
    ranking: sum(outputs.map((output, place) => output.ranking * weights[place])) / sum(weights),
    logProbability: sum(outputs.map(({ logProbability }) => logProbability)),
    attention: diagonal(outputs),
    copyShares: areCopied ? all("copyShares") : [],
    copied: areCopied ? all("copied") : [],
    sourceLength: sum(outputs.map(({ sourceLength }) => sourceLength)),
  };
}

/** Returns the attention of joined outputs, each to its own sentence. */
function diagonal(outputs) {
  if (outputs.some(({ ids, attention }) => ids.length && !attention.length)) return [];
  const width = outputs.reduce((sum, { sourceLength }) => sum + sourceLength, 0);
  let begin = 0;
  return outputs.flatMap(({ attention, sourceLength }) => {
    const rows = attention.map((weights) => {
      const row = new Array(width).fill(0);
      weights.forEach((weight, place) => (row[begin + place] = weight));
      return row;
    });
    begin += sourceLength;
    return rows;
  });
}
