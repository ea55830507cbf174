// The dialog that makes a key, or changes what one may do.

import { ask } from "../common/admin.js";
import { readAnswer } from "../common/api.js";
import { caller } from "../common/caller.js";
import { byId, make } from "../common/dom.js";
import { guarded, say } from "../common/notices.js";
import { asProblem, Problem } from "../common/problem.js";

/** @typedef {import("./key_list.js").Key} Key */

const LIMITS = /** @type {const} */ (["images_per_minute", "requests_per_minute", "concurrent_edits"]);
const DAY_SECONDS = 86_400;

/** @type {Key | null} the key that is changed; none: a new one is made */
let edited = null;

const form = () => byId("key-form", HTMLFormElement);
const field = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement} */ (form().elements.namedItem(name));

/** @param {() => Promise<void>} reload the list of keys */
export function installKeyForm(reload) {
  const dialog = byId("key-dialog", HTMLDialogElement);
  byId("new-key", HTMLButtonElement).addEventListener("click", () => editKey(null));
  byId("key-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
  form().addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await save();
      dialog.close();
      await reload();
    } catch (error) {
      const { message, advice } = asProblem(error);
      byId("key-refusal", HTMLElement).textContent = `${message} ${advice}`;
    }
  });
  byId("copy-secret", HTMLButtonElement).addEventListener("click", guarded(async () => {
    byId("secret", HTMLInputElement).select();
    await navigator.clipboard?.writeText(byId("secret", HTMLInputElement).value);
    say("Copied.");
  }));
}

/** @param {Key | null} key to change; null makes a new one */
export const editKey = guarded(async (/** @type {Key | null} */ key) => {
  edited = key;
  form().reset();
  byId("key-refusal", HTMLElement).textContent = "";
  byId("key-title", HTMLElement).textContent = key ? `Change ${key.name}` : "New key";
  byId("key-save", HTMLButtonElement).textContent = key ? "Save" : "Create";
  field("name").disabled = key !== null; // usage and log lines know it by this name
  field("name").value = key?.name ?? "";
  field("expires").value = key?.expires_at ? dateOf(key.expires_at) : "";
  for (const limit of LIMITS) field(limit).value = String(key?.[limit] ?? "");
  await offerModels(key?.models ?? []);
  byId("key-dialog", HTMLDialogElement).showModal();
});

async function offerModels(/** @type {string[]} */ chosen) {
  const { data } = await readAnswer(await fetch("v1/models", { headers: caller.headers }));
  const served = data.map((/** @type {{id: string}} */ { id }) => id);
  const boxes = [...new Set([...served, ...chosen])].map((id) =>
    make("label", {}, make("input", { type: "checkbox", name: "models", value: id, checked: chosen.includes(id) }), id));
  byId("key-models", HTMLElement).replaceChildren(...boxes);
}

async function save() {
  if (!form().checkValidity()) throw new Problem(firstComplaint());
  if (edited) return void (await ask(`/keys/${edited.id}`, "PUT", limits()));
  const { secret } = await ask("/keys", "POST", { name: field("name").value, ...limits() });
  byId("secret", HTMLInputElement).value = secret;
  byId("key-dialog", HTMLDialogElement).close();
  byId("secret-dialog", HTMLDialogElement).showModal();
}

function limits() {
  const data = new FormData(form());
  const models = data.getAll("models");
  const expires = field("expires").valueAsNumber; // midnight in UTC
  return {
    ...Object.fromEntries(LIMITS.map((name) => [name, Number(data.get(name)) || null])),
    expires_at: Number.isNaN(expires) ? null : expires / 1000 + DAY_SECONDS, // the day counts in full
    models: models.length ? models : null,
  };
}

const dateOf = (/** @type {number} */ unixSeconds) =>
  new Date((unixSeconds - DAY_SECONDS) * 1000).toISOString().slice(0, 10);

function firstComplaint() {
  const wrong = /** @type {HTMLInputElement} */ (form().querySelector(":invalid:not(fieldset)"));
  wrong.focus();
  return `${wrong.labels?.[0]?.querySelector("span")?.textContent}: ${wrong.validationMessage}`;
}
