/** Makes the elements that all views of the page have. */

import { put } from "./phrases.js";

/**
 * Make an element.
 *
 * @param {string} name Name of the tag.
 * @param {Object<string, unknown>} properties Properties of the element; `phrase` is its translated text.
 * @param {...(Node|string)} children
 */
export function make(name, { phrase, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return phrase ? put(element, phrase) : element;
}

/** Return a button with a translated text. */
export function button(phrase, act, className = "") {
  const element = make("button", { type: "button", className, phrase });
  element.addEventListener("click", act);
  return element;
}

/** Return a labelled box that can be checked; `change` is called with whether it is. */
export function checkbox(phrase, isChecked, change) {
  const box = make("input", { type: "checkbox", checked: isChecked });
  box.addEventListener("change", () => change(box.checked));
  return make("label", { className: "check" }, box, make("span", { phrase }));
}

/** Return a line of buttons with sources to try, or an empty fragment if there is none. */
export function openerButtons(openers, choose) {
  if (!openers.length) {
    return new DocumentFragment();
  }
  const line = make("p", { className: "openers" }, make("span", { phrase: "Try:" }));
  for (const opener of openers) {
    const element = make("button", { type: "button" }, make("span", { textContent: opener }));
    element.addEventListener("click", () => choose(opener));
    line.append(element);
  }
  return line;
}

/** Return a button that copies a text. */
export function copyButton(text) {
  const element = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      put(element, "Select the text"); // no permission, or no secure connection
      return;
    }
    put(element, "Copied");
    setTimeout(() => put(element, "Copy"), 1500);
  });
  element.classList.add("small");
  return element;
}
