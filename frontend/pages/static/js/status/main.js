// "Status", asked anew every few seconds while the page is seen.

import { ask, installAdminPage } from "../common/admin.js";
import { caller } from "../common/caller.js";
import { byId, make } from "../common/dom.js";
import { asProblem } from "../common/problem.js";
import { modelRow } from "./model_row.js";

/** @typedef {import("./model_row.js").ModelStatus} ModelStatus */
/** @typedef {{triton: "ok" | "unreachable", draining: boolean, models: ModelStatus[]}} Status */

const INTERVAL_MILLISECONDS = 2000;

async function load() {
  try {
    show(await ask("/status"));
  } catch (error) {
    const { message, advice } = asProblem(error);
    byId("as-of", HTMLElement).textContent = `${message} ${advice}`;
  }
}

function show(/** @type {Status} */ { triton, draining, models }) {
  const sum = (/** @type {"waiting_edits" | "running_images" | "images_per_minute"} */ name) =>
    models.reduce((total, model) => total + model[name], 0);
  byId("figures", HTMLElement).replaceChildren(
    figure(triton === "ok" ? "Up" : "Down", "Triton"),
    figure(draining ? "Stopping" : "Open", "API"),
    figure(sum("waiting_edits"), "edits waiting"),
    figure(sum("running_images"), "pictures in flight"),
    figure(sum("images_per_minute"), "pictures in the last minute"),
  );
  const none = make("tr", {}, make("td", { colSpan: 8, className: "faint" }, "No model is served."));
  byId("models", HTMLElement).replaceChildren(...(models.length ? models.map(modelRow) : [none]));
  byId("as-of", HTMLElement).textContent = `As of ${new Date().toLocaleTimeString()}, for this server process.`;
}

const figure = (/** @type {string | number} */ value, /** @type {string} */ name) =>
  make("li", {}, make("b", {}, String(value)), make("span", {}, name));

setInterval(() => {
  if (caller.isSignedIn && document.visibilityState === "visible") void load();
}, INTERVAL_MILLISECONDS);
void installAdminPage(load);
