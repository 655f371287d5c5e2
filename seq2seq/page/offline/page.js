/** Starts the page: chooses the language, loads the model, and shows the view for its kind. */

import * as ort from "../runtime/onnxruntime.js";
import { load } from "../engine/model.js";
import { ConversationView } from "../conversation_view.js";
import { Header } from "../header.js";
import { CHINESE } from "./chinese.js";
import { keepOffline } from "./loading.js";
import { RUNTIME, TOTAL, allFiles, fileContent } from "./model_files.js";
import { addPhrases, put, say } from "../phrases.js";
import { SourceView } from "../source_view.js";
import { WritingView } from "../writing_view.js";

const VIEWS = { source: SourceView, dialogue: ConversationView, text: WritingView };

function element(id) {
  return document.getElementById(id);
}

/** Load the runtime and the model. */
async function loadModel() {
  await allFiles((arrived) => {
    element("progress").value = arrived / TOTAL;
    put(element("status"), arrived === TOTAL ? "Starting the model" : "Loading the model: {percent} of {size}", {
      percent: `${Math.floor((100 * arrived) / TOTAL)} %`,
      size: `${(TOTAL / 1e6).toFixed(1)} MB`,
    });
  });
  // Threads would need headers that many servers cannot send.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await fileContent(RUNTIME);
  return load({ ort, base: new URL("../model/", import.meta.url), read: fileContent });
}

async function start() {
  addPhrases(CHINESE);
  const header = new Header();
  for (const note of document.querySelectorAll(".late")) {
    note.remove();
  }
  let model;
  try {
    if (typeof WebAssembly !== "object") {
      throw new Error(
        say("This browser cannot run the model. Use a current version of Firefox, Chrome, Edge or Safari."),
      );
    }
    model = await loadModel();
  } catch (fault) {
    const reason = `${fault.message} ${say("Check the connection and reload the page.")}`;
    put(element("status"), "The model could not be loaded. {reason}", { reason });
    element("status").classList.add("fault");
    element("progress").hidden = true;
    document.body.dataset.state = "fault";
    return;
  }
  header.show(model);
  const view = new VIEWS[model.kind](model);
  element("view").append(view.element);
  element("loading").hidden = true;
  put(element("device"), "The model runs on this device. Nothing that you type leaves it.");
  document.body.dataset.state = "ready";
  performance.mark("ready");
  if (document.activeElement === document.body) {
    view.focus();
  }
  if (await keepOffline()) {
    const offline = "The model runs on this device, even offline. Nothing that you type leaves it.";
    put(element("device"), offline);
    document.body.dataset.state = "offline";
  }
}

await start();
