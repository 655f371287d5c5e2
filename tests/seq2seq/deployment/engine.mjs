// Runs the page's engine in Node.js. Arguments: the folder of the engine, and the folder of ONNX Runtime ("" if no
// model is loaded). Standard input: a JSON array of requests; standard output: the JSON array of results.

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [engineFolder, runtimeFolder] = process.argv.slice(2).map((path) => path && pathToFileURL(`${path}/`));
const engine = (name) => import(new URL(name, engineFolder));

async function runtime() {
  const ort = await import(new URL("onnxruntime.js", runtimeFolder));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await read(new URL("onnxruntime.wasm", runtimeFolder));
  return ort;
}

async function read(address) {
  const content = await readFile(new URL(address));
  return content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
}

const models = new Map();

async function modelOf(folder) {
  if (!models.has(folder)) {
    const { load } = await engine("model.js");
    models.set(folder, await load({ ort: await runtime(), base: pathToFileURL(`${folder}/`), read }));
  }
  return models.get(folder);
}

const handlers = {
  async decode({ folder, text, options, stopAfter }) {
    const shown = [];
    const controller = new AbortController();
    const onText = (part) => {
      shown.push(part);
      if (shown.length === stopAfter) controller.abort(new Error("stopped"));
    };
    try {
      const model = await modelOf(folder);
      return { ...(await model.decode(text, { ...options, onText, signal: controller.signal })), shown };
    } catch (error) {
      return { error: error.message, shown };
    }
  },
  async overlapping({ folder, texts }) {
    const model = await modelOf(folder);
    const results = await Promise.allSettled(texts.map((text) => model.decode(text)));
    return results.map(({ status, reason }) => reason?.message ?? status);
  },
  async progress({ folder }) {
    const { load } = await engine("model.js");
    const steps = [];
    const onProgress = (done, total) => steps.push([done, total]);
    await load({ ort: await runtime(), base: pathToFileURL(`${folder}/`), read, onProgress });
    return steps;
  },
  async tokenize({ pieces, texts }) {
    const { tokenizersOf } = await engine("tokenizer.js");
    const { source } = tokenizersOf(pieces);
    return texts.map((text) => {
      const ids = source.encode(text);
      return { ids, text: source.decode(ids), unknowns: source.unknowns(text) };
    });
  },
  async normalize({ texts, how }) {
    const { normalize } = await engine("normalization.js");
    return texts.map((text) => normalize(text, how));
  },
  async sentences({ texts }) {
    const { sentences } = await engine("sentences.js");
    return texts.map(sentences);
  },
  async speakers({ lines }) {
    const { speakerOf } = await engine("sources.js");
    return lines.map(speakerOf);
  },
  async uniform({ seed, number, count }) {
    const { RandomNumbers } = await engine("random_numbers.js");
    const random = new RandomNumbers(BigInt(seed), BigInt(number));
    return Array.from({ length: count }, () => random.uniform());
  },
  async truncate({ scores, options }) {
    const { softmax, truncate } = await engine("sampling.js");
    return Array.from(softmax(truncate(Float32Array.from(scores), options)));
  },
};

let input = "";
for await (const part of process.stdin.setEncoding("utf8")) input += part;
const results = [];
for (const { call, ...request } of JSON.parse(input)) results.push(await handlers[call](request));
process.stdout.write(JSON.stringify(results));
