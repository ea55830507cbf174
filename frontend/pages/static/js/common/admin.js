// The administrator's pages: what they have in common.

import { askToSignIn, installAccount } from "./account.js";
import { readAnswer, requireOk } from "./api.js";
import { caller } from "./caller.js";
import { byId } from "./dom.js";
import { guarded } from "./notices.js";

/**
 * Ask the server for what only the administrator may see or do.
 * @param {string} path below /admin/api @param {string} [method] @param {unknown} [body]
 * @returns {Promise<any>} the answer's JSON
 */
export async function ask(path, method = "GET", body = undefined) {
  return readAnswer(await send(path, method, body));
}

/** The same for what is not JSON. @param {string} path @returns {Promise<Blob>} */
export async function download(path) {
  const answer = await send(path, "GET", undefined);
  await requireOk(answer);
  return answer.blob();
}

function send(/** @type {string} */ path, /** @type {string} */ method, /** @type {unknown} */ body) {
  const headers = { ...caller.headers, ...(body ? { "Content-Type": "application/json" } : {}) };
  return fetch(`admin/api${path}`, { method, headers, body: body ? JSON.stringify(body) : undefined });
}

/** Show the page's content to a signed-in administrator alone. @param {() => Promise<void>} load */
export async function installAdminPage(load) {
  const show = guarded(async () => {
    byId("locked", HTMLElement).hidden = caller.isSignedIn;
    byId("unlocked", HTMLElement).hidden = !caller.isSignedIn;
    if (caller.isSignedIn) await load();
  });
  caller.addEventListener("change", show);
  byId("unlock", HTMLButtonElement).addEventListener("click", askToSignIn);
  await installAccount("Admin secret");
}
