/** The history of a browser: its sources, conversations and texts, kept only in its local storage. */

const KEY = "seq2seq.history";
const CHOICE = "seq2seq.history.kept";
export const MOST_ENTRIES = 50;
export const MOST_CHARACTERS = 400_000; // browsers store some 5 million
const ALIKE = 0.6; // least share of the shorter text that a revision keeps

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} model Name of the model.
 * @property {string} kind "source", "dialogue" or "text".
 * @property {string} begin Beginning of the text, by which the user knows the entry.
 * @property {number} time Milliseconds since 1970.
 * @property {object} state See `state` of the views.
 */
export class History {
  /** Whether it keeps anything. */
  get isOn() {
    try {
      return localStorage.getItem(CHOICE) !== "no";
    } catch {
      return false;
    }
  }

  set isOn(isOn) {
    try {
      localStorage.setItem(CHOICE, isOn ? "yes" : "no");
    } catch {
      // A browser that stores nothing keeps no history either.
    }
  }

  /** Return the entries, the newest first. @returns {Entry[]} */
  entries() {
    try {
      const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(entries) ? entries.filter((entry) => entry?.id && entry.state) : [];
    } catch {
      return []; // nothing is stored, or not by this page
    }
  }

  /** Put an entry at the front, replacing the entry with its id; drop the oldest ones if there are too many. */
  put(entry) {
    if (!this.isOn) {
      return;
    }
    const entries = [entry, ...this.entries().filter(({ id }) => id !== entry.id)].slice(0, MOST_ENTRIES);
    let text = JSON.stringify(entries);
    while (text.length > MOST_CHARACTERS && entries.length) {
      entries.pop();
      text = JSON.stringify(entries);
    }
    this.#store(text);
  }

  /** Remove an entry. */
  remove(id) {
    this.#store(JSON.stringify(this.entries().filter((entry) => entry.id !== id)));
  }

  /** Remove all entries. */
  clear() {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // A browser that stores nothing has nothing to remove.
    }
  }

  #store(text) {
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // The browser's storage is full or forbidden: the history stays as it is.
    }
  }
}

/** Return the text of a state by which its entry is known and compared. */
export function textOf(kind, state) {
  return { source: () => state.source, dialogue: () => state.turns[0] ?? "", text: () => state.prompt + state.written }[
    kind
  ]();
}

/** Return whether one text is a revision of the other: their common beginning and end are most of the shorter one. */
export function isRevised(one, other) {
  const shorter = Math.min(one.length, other.length);
  let begin = 0;
  while (begin < shorter && one[begin] === other[begin]) {
    begin += 1;
  }
  let end = 0;
  while (end < shorter - begin && one.at(-1 - end) === other.at(-1 - end)) {
    end += 1;
  }
  return begin + end >= ALIKE * shorter;
}
