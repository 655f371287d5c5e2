/** The options of decoding that a user of the page can change. */

import { make } from "./elements.js";
import { say } from "./phrases.js";

const METHODS = { beam: "Beam search", greedy: "Greedy search", sample: "Sampling" };
/** Name, phrase, least and largest value, whether it is a whole number, and the methods that read it. */
const FIELDS = [
  ["beamSize", "Beam size", 1, 32, true, ["beam"]],
  ["count", "Number of outputs", 1, 16, true, ["beam", "sample"]],
  ["temperature", "Temperature", 0.05, 5, false, ["sample"]],
  ["topP", "Top-p", 0.01, 1, false, ["sample"]],
  ["topK", "Top-k (0: all pieces)", 0, 100000, true, ["sample"]],
  ["minP", "Min-p", 0, 1, false, ["sample"]],
  ["seed", "Seed (empty: new each time)", 0, 2 ** 31 - 1, true, ["sample"]],
  ["maxLength", "Maximum pieces (0: the model's limit)", 0, 10000, true, ["beam", "greedy", "sample"]],
];
/** Fields that are sliders, with the largest value of the slider: what lies beyond is of no use. */
const SLIDERS = { temperature: 2, topP: 1 };
const SLIDER_STEP = 0.01;

/** Values that change nothing. */
const OFF = { count: 1, temperature: 1, topK: 0, topP: 1, minP: 0 };

/** A form of options, which starts with the model's own. */
export class DecodingForm {
  /**
   * @param {object} info The model's description, `model.info`.
   * @param {object} choices
   * @param {string[]} choices.methods Methods that the model can use.
   * @param {string[]} [choices.without] Names of fields to leave out.
   * @param {Object<string, number>} [choices.first] Values that differ from the model's own.
   */
  constructor(info, { methods, without = [], first = {} }) {
    const defaults = { ...OFF, maxLength: info.maxLength, ...info.decoding, seed: null, ...first };
    this.method = make("select");
    for (const method of methods) {
      this.method.append(make("option", { value: method, phrase: METHODS[method] }));
    }
    this.method.value = methods.includes(defaults.method) ? defaults.method : methods[0];
    this.fields = FIELDS.filter(([name]) => !without.includes(name)).map((field) => made(field, defaults));
    const grid = make("div", { className: "fields" });
    grid.append(make("label", {}, make("span", { phrase: "Method" }), this.method));
    grid.append(...this.fields.filter(({ isSlider }) => !isSlider).map(({ label }) => label));
    this.element = make("details", { className: "options" }, make("summary", { phrase: "Options" }), grid);
    /** The sliders, which are of use only where a text is sampled: put them where the user sees them. */
    this.sliders = make("div", { className: "sliders" });
    this.sliders.append(...this.fields.filter(({ isSlider }) => isSlider).map(({ label }) => label));
    this.method.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    for (const { readBy, label } of this.fields) {
      label.hidden = !readBy.includes(this.method.value);
    }
    this.sliders.hidden = [...this.sliders.children].every(({ hidden }) => hidden);
  }

  /**
   * Return the options for `model.decode`.
   *
   * @throws {Error} If a value is out of its range; the field gets the focus.
   */
  options() {
    const method = this.method.value;
    const chosen = { method };
    for (const { name, phrase, least, most, isWhole, readBy, input, value: read } of this.fields) {
      if (!readBy.includes(method) || (input.value === "" && input.validity.valid)) {
        continue;
      }
      const value = read();
      if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
        this.element.open = true;
        input.focus();
        const sentence = isWhole
          ? "{name} must be a whole number from {least} to {most}."
          : "{name} must be a number from {least} to {most}.";
        const values = { name: () => say(phrase), least, most };
        throw Object.assign(new Error(say(sentence, values)), { phrase: sentence, values });
      }
      chosen[name] = value;
    }
    if (method === "sample") {
      chosen.seed ??= crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
    }
    if (method === "beam") {
      chosen.beamSize = Math.max(chosen.beamSize ?? 1, chosen.count ?? 1);
    }
    return chosen;
  }
}

/** Return a field: its facts, its input with a label, and a function that reads it. */
function made([name, phrase, least, most, isWhole, readBy], defaults) {
  const first = defaults[name] ?? "";
  const isSlider = name in SLIDERS;
  const [input, ...shown] = isSlider ? slider(least, SLIDERS[name], first) : [number(least, most, isWhole, first)];
  const label = make("label", {}, make("span", { phrase }), ...shown, input);
  let isChanged = !isSlider;
  input.addEventListener("input", () => {
    isChanged = true;
  });
  // A slider rounds: until it is moved, the value is the model's own.
  const value = () => (isChanged ? input.valueAsNumber : first);
  return { name, phrase, least, most, isWhole, readBy, input, label, isSlider, value };
}

function number(least, most, isWhole, value) {
  return make("input", { type: "number", min: String(least), max: String(most), step: isWhole ? "1" : "any", value });
}

/** Return a slider and the element that shows its value. */
function slider(least, most, value) {
  const range = { type: "range", min: String(least), max: String(Math.max(most, value)), step: String(SLIDER_STEP) };
  const input = make("input", range);
  const output = make("span", { className: "value" }); // no `output`, which the label would belong to
  output.ariaHidden = "true"; // the slider says it
  const show = () => {
    output.textContent = input.valueAsNumber.toFixed(2);
  };
  input.value = value;
  input.addEventListener("input", show);
  show();
  return [input, output];
}
