/** Starts the page of a server: asks for its models, and shows the view of the one that is chosen. */

import { ConversationView } from "../conversation_view.js";
import { make } from "../elements.js";
import { Header, titleOf } from "../header.js";
import { addPhrases, put, say, translate } from "../phrases.js";
import { SourceView } from "../source_view.js";
import { WritingView } from "../writing_view.js";
import { CHINESE } from "./chinese.js";
import { History } from "./history.js";
import { HistoryView } from "./history_view.js";
import { keyForm } from "./key_form.js";
import { LiveTranslation } from "./live_translation.js";
import { RemoteModel } from "./remote_model.js";
import { Server } from "./server.js";

const ALTERNATIVES = 3; // outputs of a translation, if its search has as many beams

function element(id) {
  return document.getElementById(id);
}

/** The page with its models, of which one is chosen. */
class Page {
  constructor() {
    this.server = new Server();
    this.header = new Header();
    this.models = new Map();
    this.views = new Map(); // by name of the model
    this.chosen = "";
    this.picker = make("select", { id: "model" });
    this.picker.addEventListener("change", () => {
      location.hash = hash(this.picker.value);
    });
    addEventListener("hashchange", () => this.choose(this.asked()));
    element("key").append(keyForm(this.server, () => this.retry()));
  }

  /** Ask for the models, and show the first view. */
  async start() {
    element("loading").hidden = false;
    element("status").classList.remove("fault");
    put(element("status"), "Loading the list of models");
    try {
      const { models } = await this.server.ask("models");
      for (const description of models) {
        this.models.set(description.name, new RemoteModel(this.server, description));
      }
    } catch (fault) {
      put(element("status"), fault.phrase ?? fault.message, fault.values ?? {});
      element("status").classList.add("fault");
      document.body.dataset.state = "fault";
      return;
    }
    element("loading").hidden = true;
    this.showPicker();
    this.history = new HistoryView(new History(), {
      titleOf: (name) => (this.models.has(name) ? titleOf(this.models.get(name)) : null),
      open: (entry) => this.open(entry),
    });
    element("history").append(this.history.element);
    const note = "The model runs on the server at {host}. What you type is sent there and nowhere else.";
    put(element("device"), note, { host: location.host });
    this.choose(this.asked());
    document.body.dataset.state = "ready";
    performance.mark("ready");
  }

  /** Use a new key: ask for the models if there are none yet. */
  retry() {
    if (this.models.size) {
      this.views.get(this.chosen).focus();
    } else {
      this.start();
    }
  }

  /** Return the name in the address, or else that of the first model. */
  asked() {
    const name = new URLSearchParams(location.hash.slice(1)).get("model");
    return this.models.has(name) ? name : this.models.keys().next().value;
  }

  showPicker() {
    for (const [name, model] of this.models) {
      const [phrase, values] = titleOf(model);
      const option = make("option", { value: name });
      put(option, "{title} ({name})", { title: () => say(phrase, values), name });
      this.picker.append(option);
    }
    const label = make("label", { htmlFor: "model", phrase: "Model" });
    element("picker").append(make("div", { className: "picker" }, label, this.picker));
    element("picker").hidden = this.models.size < 2;
  }

  /** Show the view of a model, and return it. */
  choose(name) {
    const model = this.models.get(name);
    if (!this.views.has(name)) {
      this.views.set(name, this.made(model));
    }
    const view = this.views.get(name);
    if (this.chosen === name) {
      return view; // put in again, it would lose the focus
    }
    this.chosen = name;
    this.picker.value = name;
    this.header.show(model);
    translate(view.element); // the language may have changed since it was shown last
    element("view").replaceChildren(view.element);
    if (document.activeElement === document.body) {
      view.focus();
    }
    return view;
  }

  /** Make the view of a model. */
  made(model) {
    const view = this.view(model);
    view.element.addEventListener("changed", () => this.history.keep(view));
    return view;
  }

  view(model) {
    if (model.kind === "text") {
      return new WritingView(model);
    }
    if (model.kind === "dialogue") {
      return new ConversationView(model);
    }
    if (model.task !== "translation") {
      return new SourceView(model);
    }
    const view = new SourceView(model, { count: Math.min(ALTERNATIVES, model.info.decoding.beamSize ?? 1) });
    const reverse = this.reverse(model);
    new LiveTranslation(view, reverse && (() => this.swap(view, reverse)));
    return view;
  }

  /** Return the model that translates in the other direction, or null. */
  reverse({ info: { sourceLanguage, targetLanguage } }) {
    const isReverse = ({ task, info }) =>
      task === "translation" && info.sourceLanguage === targetLanguage && info.targetLanguage === sourceLanguage;
    return (sourceLanguage && targetLanguage && [...this.models.values()].find(isReverse)) || null;
  }

  /** Translate the translation back. */
  swap(view, reverse) {
    const text = view.results.join("\n");
    location.hash = hash(reverse.name);
    const other = this.choose(reverse.name);
    other.focus();
    if (text) {
      other.restore({ source: text });
    }
  }

  /** Show an entry of the history. */
  async open(entry) {
    location.hash = hash(entry.model);
    const view = this.choose(entry.model);
    this.history.resume(view, entry);
    await view.restore(entry.state);
    view.focus();
    scrollTo({ top: 0 });
  }
}

function hash(name) {
  return new URLSearchParams({ model: name }).toString();
}

addPhrases(CHINESE);
await new Page().start();
