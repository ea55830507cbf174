// One model in the table.

import { make } from "../common/dom.js";
import { seconds } from "../common/words.js";

/**
 * @typedef {object} ModelStatus
 * @property {string} model @property {string} engine @property {string} device
 * @property {number} servers @property {number} resolution @property {number} max_rows
 * @property {number} waiting_edits @property {number} waiting_images
 * @property {number} running_edits @property {number} running_images
 * @property {number} running_rows @property {number} images_per_minute
 * @property {number | null} mean_wait_seconds
 */

/** @param {ModelStatus} status */
export function modelRow(status) {
  const { waiting_edits, waiting_images, running_edits, running_images } = status;
  const place = status.servers > 1 ? `${status.device}, ${status.servers} servers` : status.device;
  return make(
    "tr",
    {},
    make("td", {}, make("strong", {}, status.model), make("div", { className: "faint" }, `${status.resolution} × ${status.resolution} pixels`)),
    make("td", {}, state(status)),
    make("td", {}, status.engine || "unknown", make("div", { className: "faint" }, place)),
    make("td", { className: "number", title: `${waiting_images} pictures` }, String(waiting_edits)),
    make("td", { className: "number", title: `of ${running_edits} edits` }, String(running_images)),
    make("td", {}, batch(status)),
    make("td", { className: "number" }, String(status.images_per_minute)),
    make("td", { className: "number" }, seconds(status.mean_wait_seconds)),
  );
}

function state(/** @type {ModelStatus} */ { servers, running_images }) {
  if (!servers) return make("span", { className: "badge bad" }, "down");
  return make("span", { className: "badge good" }, running_images ? "painting" : "ready");
}

/** How full the model's batches are: more rows than fit are being prepared. */
function batch(/** @type {ModelStatus} */ { model, running_rows, max_rows }) {
  const used = Math.min(running_rows, max_rows);
  const meter = make("meter", { max: max_rows, value: used, aria: { label: `Batch of ${model}` } });
  return make("div", { className: "batch" }, meter, `${used} of ${max_rows} rows`);
}
