/** The title of the page, and the buttons that choose the language of the interface. */

import { currentLanguage, languageName, preferredLanguage, put, setLanguage } from "./phrases.js";

const TITLES = {
  translation: "Translation",
  summarization: "Summarization",
  dialogue: "Dialogue",
  generation: "Text generation",
};

/**
 * Return the title of a model as a phrase with its values.
 *
 * @param {object} model See `engine/model.js`.
 * @returns {[string, object]}
 */
export function titleOf({ task, info: { sourceLanguage, targetLanguage, title } }) {
  if (task === "translation" && sourceLanguage && targetLanguage) {
    const values = { source: languageName(sourceLanguage), target: languageName(targetLanguage) };
    return ["Translation from {source} to {target}", values];
  }
  return [TITLES[task] ?? title, {}];
}

/** The header of a page, whose elements are in its HTML. */
export class Header {
  /** Choose the language of the interface, and let the user change it. */
  constructor() {
    this.title = document.getElementById("title");
    this.summary = document.getElementById("summary");
    this.choices = [...document.querySelectorAll("[data-language]")];
    for (const choice of this.choices) {
      choice.addEventListener("click", () => {
        setLanguage(choice.dataset.language, { remember: true });
        this.showLanguage();
      });
    }
    setLanguage(preferredLanguage());
    this.showLanguage();
  }

  /** Show what a model does. */
  show(model) {
    const [phrase, values] = titleOf(model);
    put(this.title, phrase, values);
    put(this.summary, model.info.summary ?? "");
    document.title = this.title.textContent;
  }

  showLanguage() {
    for (const choice of this.choices) {
      choice.setAttribute("aria-pressed", String(choice.dataset.language === currentLanguage()));
    }
    document.title = this.title.textContent;
  }
}
