/**
 * Says the phrases of the page in the language of the interface.
 *
 * A phrase is looked up by its English text, in which `{name}` stands for a value. Elements remember their phrase, so
 * that the language can change while the page is in use.
 */

import { CHINESE } from "./chinese.js";

const CATALOGUES = { en: {}, zh: { ...CHINESE } };
const CHOICE = "seq2seq.language";
const ATTRIBUTES = { text: "textContent", label: "aria-label", placeholder: "placeholder", title: "title" };

let language = "en";

/** Return the code of the interface's language, `en` or `zh`. */
export function currentLanguage() {
  return language;
}

/** Return the language that was chosen earlier, or else the first of the browser's languages that the page has. */
export function preferredLanguage() {
  const wanted = [stored(), ...(navigator.languages ?? [navigator.language])];
  const codes = wanted.map((tag) => String(tag ?? "").split("-")[0].toLowerCase());
  return codes.find((code) => code in CATALOGUES) ?? "en";
}

/**
 * Add phrases that only some pages have.
 *
 * @param {Object<string, string>} chinese The Chinese phrases by their English text.
 */
export function addPhrases(chinese) {
  Object.assign(CATALOGUES.zh, chinese);
}

/** Change the language of the page. */
export function setLanguage(code, { remember = false } = {}) {
  language = code in CATALOGUES ? code : "en";
  document.documentElement.lang = language;
  if (remember) {
    try {
      localStorage.setItem(CHOICE, language);
    } catch {
      // A browser that stores nothing uses its own language the next time.
    }
  }
  translate(document);
}

/** Say all phrases below an element again: the language may have changed while it was not in the page. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-phrases]")) {
    show(element);
  }
}

function stored() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

/**
 * Return a phrase in the current language.
 *
 * @param {string} phrase The English phrase.
 * @param {Object<string, string|number|Function>} values Values by name; a function returns the value in a language.
 */
export function say(phrase, values = {}) {
  const translated = CATALOGUES[language][phrase] ?? phrase;
  return translated.replace(/\{(\w+)\}/g, (place, name) => {
    const value = values[name];
    return value === undefined ? place : String(typeof value === "function" ? value(language) : value);
  });
}

const remembered = new WeakMap();

/**
 * Put a phrase into an element, now and whenever the language changes.
 *
 * @param {Element} element
 * @param {string} phrase The English phrase; an empty one removes the text.
 * @param {object} [values] See `say`.
 * @param {"text"|"label"|"placeholder"|"title"} [place] Where the phrase is shown.
 */
export function put(element, phrase, values = {}, place = "text") {
  const phrases = remembered.get(element) ?? {};
  phrases[place] = { phrase, values };
  remembered.set(element, phrases);
  element.dataset.phrases = "";
  show(element);
  return element;
}

function show(element) {
  for (const [place, { phrase, values }] of Object.entries(remembered.get(element) ?? {})) {
    const text = phrase && say(phrase, values);
    if (place === "text") {
      element.textContent = text;
    } else {
      element.setAttribute(ATTRIBUTES[place], text);
    }
  }
}

/** Return a function that names a language in the interface's language, such as `de` as German. */
export function languageName(code) {
  return (interfaceLanguage) => {
    try {
      return new Intl.DisplayNames([interfaceLanguage], { type: "language" }).of(code) ?? code;
    } catch {
      return code;
    }
  };
}

/** Return a function that writes a duration, such as "48 ms", in the interface's language. */
export function duration(milliseconds) {
  const [value, unit, digits] =
    milliseconds < 1000 ? [milliseconds, "millisecond", 0] : [milliseconds / 1000, "second", 1];
  return (interfaceLanguage) =>
    new Intl.NumberFormat(interfaceLanguage, { style: "unit", unit, maximumFractionDigits: digits }).format(value);
}
