/**
 * Splits texts into sentences by rules for English, German, Chinese and Japanese, without knowing the language; the
 * counterpart of `seq2seq.metrics.sentences` and of `split` of `seq2seq.models.splitting`.
 */

import { SPACE, stripped } from "./normalization.js";

const OPENING = /^["'([{“„‚‘«‹»›]+/;
const END = new RegExp(
  // Chinese or Japanese sentence-final punctuation, with closing quotes and brackets after it.
  "(?<wide>[。！？；｡][。！？；｡…!?]*[”’」』）》】〕〉)\\]]*)" +
    // Half-width punctuation between Chinese or Japanese characters.
    "|(?<typed>[!?]+(?=[\\u3041-\\u30ff\\u3400-\\u9fff]))" +
    // Latin sentence-final punctuation. The quote after it may be “ or ‘, which close quotations in German.
    `|(?<stop>[.!?…]+)["'”’»›“‘«‹)\\]}]*(?=[${SPACE}])`,
  "g",
);
// Closing quotes and brackets after sentence-final punctuation in tokenized text.
const CLOSING_TOKEN = new RegExp(`[${SPACE}](?:''|-rrb-|[”’»)\\]]|(?<straight>"))(?=[${SPACE}]|$)`, "iy");
const STOP_BEFORE = new RegExp(`(?:^|[${SPACE}])[.!?…][${SPACE}]$`);
const STOP_AFTER = new RegExp(`[${SPACE}][.!?…]`, "y");
const WORD = /[\p{L}\p{N}]+/gu;
// Commas and the Japanese quotative particle continue the sentence after a quotation.
const GOES_ON = /[，、,]|と|って/y;
const DOTTED = /^(?:[\p{L}\p{Nl}\p{No}]\.)+[\p{L}\p{Nl}\p{No}]$/u;
const CLOSING = '”’」』）》】〕〉)]"';
const LINE_BREAKS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const CLAUSE = /[；;][”’」』）》】〕〉)\]]*$/;

const ABBREVIATIONS = new Set(
  (
    "adm al approx bros bspw bzw ca capt cf col cpl dept dipl dr evtl exkl fr gen ggf gov hon hr ing inkl jr lt maj " +
    "messrs mr mrs ms mt prof rep rev sen sgt sog sr st vgl vs zzgl"
  ).split(" "),
);
const BEFORE_NUMBERS = new Set(
  (
    "abb abs apr art aug bd ch dec dez eq feb fig figs jan jul jun kap max min nov no nos nr oct okt pp sec sep sept " +
    "str tab tel vol"
  ).split(" "),
);
const AFTER_ORDINALS = new Set(
  (
    "januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts"
  ).split(" "),
);

/**
 * Returns the parts of a source that are decoded separately.
 *
 * @param {string} text
 * @returns {{parts: string[], breaks: string[]} | null} the sentences, and the line breaks before each; null if there
 *     is only one. A semicolon between Chinese or Japanese clauses does not end a sentence.
 */
export function split(text) {
  const parts = [];
  const breaks = [];
  let before = "";
  text.split("\n").forEach((line, number) => {
    if (number) before += "\n";
    let isClause = false;
    for (const sentence of sentences(line)) {
      if (isClause) parts[parts.length - 1] += sentence;
      else {
        parts.push(sentence);
        breaks.push(before);
        before = "";
      }
      isClause = CLAUSE.test(sentence);
    }
  });
  return parts.length > 1 ? { parts, breaks } : null;
}

/** Returns the sentences of a text without spaces around them. */
export function sentences(text) {
  return text
    .split(LINE_BREAKS)
    .map(stripped)
    .filter((line) => line)
    .flatMap(ofLine);
}

function ofLine(line) {
  const cut = [];
  let start = 0;
  let first = pastSpaces(line, 0);
  let quotes = 0; // number of straight quotes in line[start:counted]
  let counted = 0;
  const words = Array.from(line.matchAll(WORD), (match) => ({ begin: match.index, text: match[0] }));
  let ahead = 0;
  for (const match of line.matchAll(END)) {
    const { wide, typed, stop } = match.groups;
    const begin = match.index;
    let end = begin + match[0].length;
    if (end > counted) {
      quotes += line.slice(counted, end).split('"').length - 1;
      counted = end;
    }
    let isEnd = true;
    if (wide !== undefined) {
      // A straight quote is closing if one is open.
      if (line[end] === '"' && quotes % 2) end += 1;
      isEnd = !(CLOSING.includes(line[end - 1]) && matchesAt(GOES_ON, line, end));
    } else if (typed === undefined) {
      while (ahead < words.length && words[ahead].begin < end) ahead++;
      const following = words[ahead]?.text ?? "";
      const isToken = isSeparate(line, start, begin, end);
      isEnd =
        following !== "" &&
        (isToken || !/^\p{Lowercase}/u.test(following)) &&
        !(stop === "." && isInside(line, first, begin, following));
      const closing = isToken ? matchesAt(CLOSING_TOKEN, line, end) : null;
      if (closing && (closing.groups.straight === undefined || quotes % 2)) end += closing[0].length;
    }
    const sentence = stripped(line.slice(start, end));
    if (isEnd && sentence) {
      cut.push(sentence);
      start = end;
      first = pastSpaces(line, end);
      quotes = 0;
      counted = end;
    }
  }
  const rest = stripped(line.slice(start));
  return rest ? [...cut, rest] : cut;
}

function matchesAt(sticky, text, place) {
  sticky.lastIndex = place;
  return sticky.exec(text);
}

const IS_SPACE = new RegExp(`^[${SPACE}]`);

export function isSpace(character) {
  return IS_SPACE.test(character);
}

function pastSpaces(line, place) {
  while (place < line.length && isSpace(line[place])) place++;
  return place;
}

/** Returns whether the punctuation line[begin:end] is a token of its own and no part of an ellipsis. */
function isSeparate(line, start, begin, end) {
  const mark = line.slice(begin, end);
  const isEllipsis = /^[.…]*$/.test(stripped(mark)) && mark !== ".";
  return (
    begin > start &&
    isSpace(line[begin - 1]) &&
    !isEllipsis &&
    !STOP_BEFORE.test(line.slice(Math.max(start, begin - 3), begin)) &&
    !matchesAt(STOP_AFTER, line, end)
  );
}

/** Returns whether the full stop at `begin` belongs to the word before it, so it need not end the sentence. */
function isInside(line, first, begin, following) {
  let last = begin;
  while (last > first && isSpace(line[last - 1])) last--;
  let place = last;
  while (place > first && !isSpace(line[place - 1])) place--;
  const word = line.slice(place, last).replace(OPENING, "");
  const lower = word.toLowerCase();
  if (/^\p{Nd}+$/u.test(word)) {
    // A list number at the start, or a German ordinal.
    return place === first || (Array.from(word).length <= 2 && AFTER_ORDINALS.has(following.toLowerCase()));
  }
  const isInitial = Array.from(word).length === 1 && lower !== word.toUpperCase() && lower !== "i";
  if (isInitial || ABBREVIATIONS.has(lower) || DOTTED.test(word)) return true;
  return BEFORE_NUMBERS.has(lower) && /^\p{Nd}/u.test(following);
}
