// The table of keys.

import { ask } from "../common/admin.js";
import { byId, make } from "../common/dom.js";
import { guarded, say } from "../common/notices.js";
import { ago, day, moment } from "../common/words.js";
import { editKey } from "./key_form.js";

/**
 * @typedef {object} Key
 * @property {string} id @property {string} name @property {string} prefix
 * @property {number | null} last_used_at @property {number | null} revoked_at
 * @property {number | null} expires_at @property {boolean} has_expired
 * @property {number | null} images_per_minute @property {number | null} requests_per_minute
 * @property {number | null} concurrent_edits @property {string[] | null} models
 */

/** @type {Key[]} */
let keys = [];

export async function loadKeys() {
  keys = (await ask("/keys")).data;
  show();
}

export function installKeyList() {
  byId("show-revoked", HTMLInputElement).addEventListener("change", show);
}

function show() {
  const showsAll = byId("show-revoked", HTMLInputElement).checked;
  const shown = keys.filter((key) => showsAll || !isOver(key));
  byId("keys", HTMLElement).replaceChildren(...shown.map(row));
}

const isOver = (/** @type {Key} */ key) => key.revoked_at !== null || key.has_expired;

function row(/** @type {Key} */ key) {
  const cells = [
    make("td", { className: "label" }, key.name),
    make("td", {}, make("code", {}, `${key.prefix}…`)),
    make("td", { className: "limits" }, limits(key)),
    make("td", {}, key.models?.join(", ") ?? "all"),
    make("td", {}, expiry(key)),
    make("td", { title: moment(key.last_used_at) }, ago(key.last_used_at)),
    make("td", { className: "actions" }, ...(key.revoked_at === null ? buttons(key) : [])),
  ];
  return make("tr", { className: isOver(key) ? "over" : "" }, ...cells);
}

function expiry(/** @type {Key} */ { revoked_at, expires_at, has_expired }) {
  if (revoked_at !== null) return `revoked ${ago(revoked_at)}`;
  // The last day on which it is good.
  return `${has_expired ? "expired " : ""}${day(expires_at && expires_at - 1)}`;
}

function limits(/** @type {Key} */ key) {
  const words = [
    key.images_per_minute && `${key.images_per_minute} pictures a minute`,
    key.requests_per_minute && `${key.requests_per_minute} edits a minute`,
    key.concurrent_edits && `${key.concurrent_edits} at once`,
  ].filter(Boolean);
  return words.length ? words.join(", ") : "default";
}

function buttons(/** @type {Key} */ key) {
  const button = (/** @type {string} */ words, /** @type {string} */ className, /** @type {() => unknown} */ click) =>
    make("button", { type: "button", className, aria: { label: `${words} ${key.name}` }, on: { click } }, words);
  return [button("Change", "quiet small", () => editKey(key)), " ", button("Revoke", "danger small", () => askToRevoke(key))];
}

function askToRevoke(/** @type {Key} */ key) {
  const dialog = byId("revoke-dialog", HTMLDialogElement);
  byId("revoke-name", HTMLElement).textContent = key.name;
  dialog.returnValue = "no";
  dialog.onclose = guarded(async () => {
    if (dialog.returnValue !== "yes") return;
    await ask(`/keys/${key.id}`, "DELETE");
    say(`${key.name} is revoked.`);
    await loadKeys();
  });
  dialog.showModal();
}
