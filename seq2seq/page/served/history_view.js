/** Shows the history of the browser, and keeps it up to date with the views. */

import { button, checkbox, make } from "../elements.js";
import { put } from "../phrases.js";
import { isRevised, textOf } from "./history.js";

const BEGIN = 90; // characters of a text that are shown

/** A list of entries, each of which can be opened and removed. */
export class HistoryView {
  /**
   * @param {import("./history.js").History} history
   * @param {object} page
   * @param {(name: string) => [string, object]|null} page.titleOf Title of a model as a phrase; null if there is none.
   * @param {(entry: object) => void} page.open Shows an entry in the view of its model.
   */
  constructor(history, { titleOf, open }) {
    this.history = history;
    this.titleOf = titleOf;
    this.open = open;
    this.ids = new Map(); // by view, the entry that the view continues
    this.list = make("ul", { className: "history" });
    this.empty = make("p", { className: "empty", phrase: "The history is empty." });
    this.forget = button("Delete the history", () => this.deleteAll());
    const kept = checkbox("Keep a history in this browser", history.isOn, (isOn) => {
      history.isOn = isOn;
    });
    const hint = "The history stays in this browser and is not sent to the server. It holds up to 50 texts and conversations.";
    this.details = make(
      "details",
      {},
      make("summary", {}, make("h2", { phrase: "History" })),
      make("p", { className: "hint", phrase: hint }),
      this.list,
      this.empty,
      make("div", { className: "buttons" }, kept, this.forget),
    );
    this.element = make("section", {}, this.details);
    this.details.addEventListener("toggle", () => this.show());
    addEventListener("storage", () => this.show()); // another window has changed it
  }

  /** Keep the content of a view, replacing its previous content if this is a revision of it. */
  keep(view) {
    const { kind, name } = view.model;
    const state = view.state();
    const text = textOf(kind, state).trim();
    if (!text) {
      this.ids.delete(view); // a new conversation begins
      return;
    }
    const last = this.ids.get(view);
    const isSame = last && (kind === "dialogue" || isRevised(last.text, text));
    const id = isSame ? last.id : crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.ids.set(view, { id, text });
    this.history.put({ id, model: name, kind, begin: text.slice(0, BEGIN), time: Date.now(), state });
    this.show();
  }

  /** Let a view continue an entry. */
  resume(view, entry) {
    this.ids.set(view, { id: entry.id, text: textOf(entry.kind, entry.state).trim() });
  }

  /** Show the entries, if the list is open: while a text is typed, it changes with each translation. */
  show() {
    if (!this.details.open) {
      return;
    }
    const entries = this.history.entries();
    this.list.replaceChildren(...entries.map((entry) => this.line(entry)));
    this.empty.hidden = entries.length > 0;
    this.forget.hidden = entries.length === 0;
  }

  line(entry) {
    const title = this.titleOf(entry.model);
    const element = make("button", { type: "button", className: "entry", textContent: entry.begin, disabled: !title });
    element.addEventListener("click", () => this.open(entry));
    const facts = make("span", { className: "hint" });
    const time = (language) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(entry.time);
    const [phrase, values] = title ?? ["{name}", { name: entry.model }];
    const name = make("span", {});
    put(name, phrase, values);
    put(facts, "{time}", { time });
    const remove = button("Delete", () => this.remove(entry), "small");
    put(remove, "Delete “{text}”", { text: entry.begin }, "label");
    return make("li", {}, element, make("div", { className: "facts" }, name, facts, remove));
  }

  remove({ id }) {
    const buttons = () => [...this.list.querySelectorAll("button.small")];
    const place = buttons().indexOf(document.activeElement);
    this.history.remove(id);
    this.letGo();
    const rest = buttons();
    (rest[Math.min(place, rest.length - 1)] ?? this.element.querySelector("summary")).focus();
  }

  deleteAll() {
    this.history.clear();
    this.letGo();
    this.element.querySelector("summary").focus();
  }

  /** Forget which entries the views continue, and show what is left. */
  letGo() {
    this.ids.clear();
    this.show();
  }
}
