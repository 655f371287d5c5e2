/**
 * Texts to sources: the counterpart of the readers' `source` and `kept` in Python. A reader has one of three forms:
 *
 * - "text": the text, normalised
 * - "turns": a chat with a turn per line, of which `Name: text` names the speaker (`seq2seq_summarization.reader`)
 * - "conversation": the earlier turns and the message (`seq2seq_dialogue.reader`)
 */

import { SPACE, normalize, stripped } from "./normalization.js";
import { LINE, SPEAKER, TURN } from "./tokenizer.js";

/** Most of a shortened source that facts about the speaker may take. */
const PERSONA_SHARE = 0.5;
const SPEAKER_WORDS = 4;
const SPEAKER_CHARACTERS = 30;
const MARKS = ":：,;!?，。；！？、";
// A half-width colon must be followed by a space or the end of the line, which excludes times and addresses.
const SPEAKER_LINE = new RegExp(
  `^([^${SPACE}${MARKS}][^${MARKS}]*?) ?(?::(?= |$)|(?!(?<=\\p{Nd})：\\p{Nd}\\p{Nd}(?!\\p{Nd}))：(?!//)) ?([^\\n]*)$`,
  "u",
);
// As in Python, raised and circled digits are digits.
const BEGINS_WITH_DIGIT = /^[\p{Nd}²³¹\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490]/u;
const SPACES = new RegExp(`[${SPACE}]+`);

export class Reader {
  /** @param {object} options - `reader` of model.json. */
  constructor(options) {
    this.options = options;
  }

  /**
   * Returns the source of a text.
   *
   * @param {string} text
   * @param {string[]} history - the earlier turns of a conversation, oldest first.
   * @param {string[]} persona - facts about the model, one per line.
   * @returns {string | (string | symbol)[]}
   */
  source(text, history = [], persona = []) {
    const { form, normalization, speakers } = this.options;
    if (form === "conversation") return this.#conversation([...history, text], persona);
    return form === "turns" && speakers ? turnsOf(text, normalization) : normalize(text, normalization);
  }

  #conversation(texts, persona) {
    const { normalization, historyTurns, speakers } = this.options;
    const onOneLine = (text) => normalize(text, normalization).replaceAll("\n", " ");
    const turns = texts.map(onOneLine);
    const facts = persona.flatMap((lines) => lines.split("\n")).map(onOneLine).filter((fact) => stripped(fact));
    // Speakers alternate, and the last turn is not the model's.
    const spoken = turns
      .map((turn, number) => ({ turn, isOwn: (turns.length - number) % 2 === 0 }))
      .filter(({ turn }) => stripped(turn));
    const parts = spoken
      .slice(historyTurns ? -historyTurns : 0)
      .flatMap(({ turn, isOwn }) => (isOwn && speakers ? [SPEAKER, turn, TURN] : [turn, TURN]));
    return parts.length ? [...facts.flatMap((fact) => [fact, LINE]), ...parts] : "";
  }

  /**
   * Returns the places of the pieces that a source keeps, in order.
   *
   * @param {number[]} ids
   * @param {Map<symbol, number>} marks - ids of the marks.
   */
  kept(ids, marks) {
    const { form, maxSourcePieces: limit } = this.options;
    const places = Array.from(ids.keys());
    if (!limit || ids.length <= limit) return places;
    return form === "conversation" ? lastTurns(ids, marks, limit) : places.slice(0, limit);
  }
}

/** Returns the places of the last turns that fit; of a last turn that is too long, its end. */
function lastTurns(ids, marks, limit) {
  const [line, turn, speaker] = [LINE, TURN, SPEAKER].map((mark) => marks.get(mark));
  const turns = [];
  let segment = [];
  ids.forEach((id, place) => {
    segment.push(place);
    if (id !== line && id !== turn && place + 1 < ids.length) return;
    turns.push(segment);
    segment = [];
  });
  const facts = [];
  while (turns.length && ids[turns[0].at(-1)] === line) {
    const fact = turns.shift();
    if (facts.length + fact.length <= limit * PERSONA_SHARE) facts.push(...fact);
  }
  const room = limit - facts.length;
  let remembered = [];
  while (turns.length && remembered.length + turns.at(-1).length <= room) remembered = [...turns.pop(), ...remembered];
  if (turns.length && !remembered.length) {
    const last = turns.at(-1);
    const mark = ids[last[0]] === speaker ? [last[0]] : [];
    remembered = [...mark, ...last.slice(last.length - room + mark.length)];
  }
  return [...facts, ...remembered];
}

/** Returns a chat with marks between its turns and after the names of speakers. */
function turnsOf(text, normalization) {
  const parts = [];
  // Colons are found before NFKC, which replaces full-width colons by half-width ones without a space.
  for (const line of normalize(text, normalization === "none" ? "none" : "nfc").split("\n")) {
    if (!stripped(line)) continue;
    if (parts.length) parts.push(TURN);
    const [name, words] = speakerOf(line);
    if (name) parts.push(normalize(name, normalization), SPEAKER);
    if (words) parts.push(normalize(words, normalization));
  }
  return parts.every((part) => typeof part === "string") ? parts.join("") : parts;
}

/** Returns the speaker of a line and the rest of it; "" and the line if it names none. */
export function speakerOf(line) {
  const match = SPEAKER_LINE.exec(line);
  if (!match) return ["", line];
  const [, name, words] = match;
  const length = Array.from(name).reduce((sum, character) => sum + (character >= "\u2e80" ? 2 : 1), 0);
  const count = name.split(SPACES).filter((word) => word).length;
  if (BEGINS_WITH_DIGIT.test(name) || count > SPEAKER_WORDS || length > SPEAKER_CHARACTERS) return ["", line];
  return [name, words];
}
