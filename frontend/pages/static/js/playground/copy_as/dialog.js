// The dialog with the same request as a command or a program.

import { byId } from "../../common/dom.js";
import { guarded, say } from "../../common/notices.js";
import { asCurl } from "./curl.js";
import { asJavaScript } from "./javascript.js";
import { asPython } from "./python.js";

/** @typedef {import("../run/request.js").EditRequest} EditRequest */

/** @type {Record<string, (fields: Record<string, string>, server: string) => string>} */
const LANGUAGES = { curl: asCurl, python: asPython, javascript: asJavaScript };

/** @param {EditRequest} request */
export function copyAs(request) {
  const code = byId("copy-code", HTMLElement);
  const show = () => {
    const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=language]:checked"));
    const server = new URL(".", location.href).href.replace(/\/$/, "");
    code.textContent = LANGUAGES[chosen.value](request.fields, server);
  };
  for (const radio of document.getElementsByName("language")) radio.onchange = show;
  show();
  offer("copy-image", request.image);
  offer("copy-mask", request.mask);
  byId("copy-now", HTMLButtonElement).onclick = guarded(async () => {
    await copy(code);
    say("Copied.");
  });
  byId("copy-dialog", HTMLDialogElement).showModal();
}

function offer(/** @type {string} */ id, /** @type {Blob} */ file) {
  const link = byId(id, HTMLAnchorElement);
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(file);
}

/** The clipboard is there on secure pages only; elsewhere the text is selected, ready for Ctrl+C. */
async function copy(/** @type {HTMLElement} */ code) {
  getSelection()?.selectAllChildren(code);
  await navigator.clipboard?.writeText(code.textContent ?? "");
}
