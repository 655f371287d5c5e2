/** Asks for the key of a server that has keys. */

import { make } from "../elements.js";

/**
 * Return a form that takes the key; it is hidden until the server asks.
 *
 * @param {import("./server.js").Server} server
 * @param {() => void} use Called with a new key in place.
 */
export function keyForm(server, use) {
  const input = make("input", { type: "password", id: "server-key", autocomplete: "off", spellcheck: false });
  const submit = make("button", { type: "submit", className: "main", phrase: "Use this key" });
  const form = make(
    "form",
    {},
    make("label", { htmlFor: "server-key", className: "heading", phrase: "Key for this server" }),
    make("div", { className: "buttons" }, input, submit),
    make("p", { className: "hint", phrase: "The key is sent to this server only, and forgotten when you close the window." }),
  );
  const section = make("section", { hidden: true }, form);
  server.onRefusal = () => {
    section.hidden = false;
    input.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    server.key = input.value.trim();
    input.value = "";
    section.hidden = true;
    use();
  });
  return section;
}
