// The form beside the picture.

import { readAnswer } from "../../common/api.js";
import { caller } from "../../common/caller.js";
import { byId, make } from "../../common/dom.js";
import { Problem } from "../../common/problem.js";
import { maskFile } from "../mask/file.js";
import { EditRequest } from "./request.js";

/** @typedef {import("../easel.js").Easel} Easel */

/** What the server takes anyway; such fields are left out. @type {Record<string, string>} */
const DEFAULTS = { strength: "1", quality: "auto", output_format: "png", output_compression: "100" };

const form = () => byId("request", HTMLFormElement);
const field = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement} */ (form().elements.namedItem(name));

/** Is over when the list of models is there. */
let loading = Promise.resolve();

/** Fill the list of models, if the server knows who asks. */
export function loadModels() {
  if (caller.isKnown) loading = fillModels();
  return loading;
}

async function fillModels() {
  const { data } = await readAnswer(await fetch("v1/models", { headers: caller.headers }));
  const chosen = field("model").value;
  const options = data.map((/** @type {{id: string}} */ { id }) => make("option", { selected: id === chosen }, id));
  byId("model", HTMLSelectElement).replaceChildren(...options);
}

/** Choose the smallest output that holds a picture of `side` pixels. @param {number} side */
export function suitSize(side) {
  const select = byId("size", HTMLSelectElement);
  const fitting = [...select.options].find(({ value }) => Number.parseInt(value, 10) >= side);
  select.selectedIndex = (fitting ?? select.options[select.options.length - 1]).index;
}

/**
 * What the person asks for.
 * @param {Easel} easel @returns {Promise<EditRequest>}
 * @throws {Problem} if something is missing
 */
export async function readRequest(easel) {
  const { picture, mask } = easel;
  if (!picture) throw new Problem("There is no picture yet.", "Choose one, or begin with a sample.");
  if (mask.isBlank) throw new Problem("Nothing is painted.", "Paint over the part that should change.");
  await loading.catch(() => {}); // who called for it has complained
  requireValid();
  const entries = [...new FormData(form())].map(([name, value]) => [name, String(value)]);
  const given = entries.filter(([name, value]) => value !== "" && value !== DEFAULTS[name]);
  return new EditRequest(Object.fromEntries(given), picture.file, await maskFile(mask.raster), picture.name);
}

function requireValid() {
  if (!field("prompt").value) refuse(field("prompt"), "There is no prompt.", "Say what should be there.");
  if (!field("model").value) throw new Problem("No model is chosen.", "Sign in, then choose one.");
  for (const control of form().elements) {
    if (control instanceof HTMLInputElement && !control.checkValidity()) {
      refuse(control, `“${control.value}” is no ${nameOf(control)}.`, control.validationMessage);
    }
  }
}

const nameOf = (/** @type {HTMLInputElement} */ control) =>
  control.labels?.[0]?.querySelector("span")?.textContent?.toLowerCase() ?? control.name;

/** @returns {never} */
function refuse(/** @type {HTMLElement} */ control, /** @type {string} */ message, /** @type {string} */ advice) {
  control.closest("details")?.setAttribute("open", "");
  control.focus();
  throw new Problem(message, advice);
}

/** Use a seed for the next request. @param {string} seed */
export function reuseSeed(seed) {
  field("seed").value = seed;
  field("seed").closest("details")?.setAttribute("open", "");
}

/** Show what the values mean, and let a seed be random again. */
export function installForm() {
  const show = () => {
    const share = field("strength").valueAsNumber;
    byId("strength-shown", HTMLOutputElement).value = share === 1 ? "repaint wholly" : `${Math.round(share * 100)} %`;
    byId("compression-shown", HTMLOutputElement).value = field("output_compression").value;
    const isLossless = field("output_format").value === "png";
    byId("compression", HTMLElement).hidden = field("output_compression").disabled = isLossless;
  };
  form().addEventListener("input", show);
  byId("random-seed", HTMLButtonElement).addEventListener("click", () => (field("seed").value = ""));
  show();
}
