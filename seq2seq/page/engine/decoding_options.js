/** The options of a call: those given, and the model's own where they are left out. */

/** Number of beams of a search with a model that has no number of its own. */
const BEAMS = 5;
const MOST_BEAMS = 1000;

/**
 * How outputs are found.
 *
 * @typedef {object} Decoding
 * @property {object} search - beams and constraints.
 * @property {object | null} sampling - null for search.
 * @property {number} count - number of outputs.
 */

/**
 * Returns the decoding of a call.
 *
 * @param {object} defaults - `search`, and `sampling` or null, of model.json.
 * @param {object} given - options of `decode`.
 * @param {boolean} hasBeams - whether the model has a source, so it can search with beams.
 * @returns {Decoding}
 * @throws {Error} If a value is impossible; its message is for the user.
 */
export function decodingOf(defaults, given, hasBeams) {
  const search = { ...defaults.search };
  const method = given.method ?? methodOf(defaults);
  if (!["beam", "greedy", "sample"].includes(method)) {
    throw new Error(`The method is '${method}', but it must be 'beam', 'greedy' or 'sample'.`);
  }
  if (method === "beam" && !hasBeams) {
    throw new Error("A text without a source is not searched with beams: choose greedy search or sampling.");
  }
  const count = whole("The number of outputs", given.count ?? 1, 1, MOST_BEAMS);
  if (hasBeams) {
    const own = search.beamSize > 1 ? search.beamSize : BEAMS;
    search.beamSize = method === "beam" ? whole("The number of beams", given.beamSize ?? own, 1, MOST_BEAMS) : 1;
    if (search.beamSize % search.groups) search.groups = 1;
    search.lengthPenalty = given.lengthPenalty ?? search.lengthPenalty;
    if (!["none", "average", "gnmt"].includes(search.lengthPenalty)) {
      throw new Error(`The length penalty is '${search.lengthPenalty}', but it must be 'none', 'average' or 'gnmt'.`);
    }
  }
  if (method !== "sample" && count > (search.beamSize ?? 1)) {
    throw new Error(
      `${count} outputs are wanted, but a search with ${search.beamSize ?? 1} beams finds at most that many: ` +
        "raise the number of beams, or sample.",
    );
  }
  if (given.maxLength !== undefined) {
    search.maxLength = whole("The length limit", given.maxLength, 0);
    search.minLength = Math.min(search.minLength, search.maxLength || Infinity);
  }
  return { search, sampling: method === "sample" ? samplingOf(defaults.sampling, given) : null, count };
}

/** Returns the method that a model uses by default. */
export function methodOf({ search, sampling }) {
  if (sampling) return "sample";
  return search.beamSize > 1 ? "beam" : "greedy";
}

function samplingOf(own, given) {
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1, ...own };
  for (const name of Object.keys(options)) if (given[name] !== undefined) options[name] = given[name];
  between("The temperature", options.temperature, 0.001, 1000);
  whole("The number of likeliest pieces (top-k)", options.topK, 0);
  between("Top-p", options.topP, Number.MIN_VALUE, 1);
  between("Min-p", options.minP, 0, 1);
  if (typeof options.seed !== "bigint" && !Number.isSafeInteger(options.seed)) {
    throw new Error(`The seed is ${options.seed}, but it must be a whole number.`);
  }
  return options;
}

function whole(name, value, least, most = Number.MAX_SAFE_INTEGER) {
  if (!Number.isInteger(value)) throw new Error(`${name} is ${value}, but it must be a whole number.`);
  return between(name, value, least, most);
}

function between(name, value, least, most) {
  if (typeof value === "number" && value >= least && value <= most) return value;
  const range = least === Number.MIN_VALUE ? `be above 0 and at most ${most}` : `lie between ${least} and ${most}`;
  throw new Error(`${name} is ${value}, but it must ${range}.`);
}
