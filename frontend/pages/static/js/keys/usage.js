// Who made what: chart, table, and a file for spreadsheets.

import { ask, download } from "../common/admin.js";
import { byId, make, save } from "../common/dom.js";
import { guarded } from "../common/notices.js";
import { seconds } from "../common/words.js";
import { block } from "./blocks.js";
import { barChart } from "./bar_chart.js";
import { columnChart } from "./column_chart.js";

/**
 * @typedef {object} Line
 * @property {string | null} group @property {string | null} name @property {number} images
 * @property {number} requests @property {number} refused @property {number} failed
 * @property {number} left @property {number | null} mean_seconds
 */

/** @type {Record<string, string>} */
const TITLES = { day: "Day", key: "Key", user: "User" };

const by = () => /** @type {HTMLInputElement} */ (document.querySelector("[name=by]:checked")).value;
const days = () => Number(byId("days", HTMLSelectElement).value);

/** @param {() => Promise<void>} reloadBlocks */
export function installUsage(reloadBlocks) {
  const reload = guarded(loadUsage);
  for (const radio of document.getElementsByName("by")) radio.addEventListener("change", reload);
  byId("days", HTMLSelectElement).addEventListener("change", reload);
  byId("csv", HTMLButtonElement).addEventListener("click", guarded(async () => {
    save(await download(`/usage.csv?by=${by()}&days=${days()}`), `usage-by-${by()}.csv`);
  }));
  byId("usage", HTMLElement).addEventListener("click", guarded(async (/** @type {MouseEvent} */ { target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    await block(target.value, null);
    await reloadBlocks();
  }));
}

export async function loadUsage() {
  /** @type {{data: Line[]}} */
  const { data } = await ask(`/usage?by=${by()}&days=${days()}`);
  byId("group-title", HTMLElement).textContent = TITLES[by()];
  byId("usage", HTMLElement).replaceChildren(...(data.length ? data.map(row) : [nothing()]));
  const figure = byId("chart", HTMLElement);
  const width = figure.clientWidth; // drawn at its size, so that its words are as large as others
  figure.replaceChildren(by() === "day" ? columnChart(data, days(), width) : barChart(data.map(bar), width));
}

const nothing = () => make("tr", {}, make("td", { colSpan: 8, className: "faint" }, "Nothing yet."));

const title = (/** @type {Line} */ { group, name }) => name ?? group ?? "no user named";

const bar = (/** @type {Line} */ line) => ({ label: title(line), value: line.images });

function row(/** @type {Line} */ line) {
  const { group, images, requests, refused, failed, left, mean_seconds } = line;
  const numbers = [images, requests, refused, failed, left, seconds(mean_seconds)];
  const canBlock = by() === "user" && group !== null;
  return make(
    "tr",
    {},
    make("td", { className: "group" }, title(line)),
    ...numbers.map((number) => make("td", { className: "number" }, String(number))),
    make("td", { className: "actions" }, ...(canBlock ? [blockButton(group)] : [])),
  );
}

const blockButton = (/** @type {string} */ user) =>
  make("button", { type: "button", className: "danger small", value: user, aria: { label: `Block ${user}` } }, "Block");
