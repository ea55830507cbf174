// One run among the results: what was asked, and a tile for each picture.

import { make } from "../../common/dom.js";
import { TileView } from "./tile_view.js";

/** @typedef {import("../run/run.js").Run} Run */
/**
 * What can be done with a result.
 * @typedef {object} Uses
 * @property {(run: Run, index: number) => void} compare
 * @property {(run: Run, index: number) => Promise<void>} proceed "continue from this"
 * @property {(seed: string) => void} reuseSeed
 * @property {(run: Run) => void} copyAs
 */

export class RunView {
  /** @param {Run} run @param {Uses} uses */
  constructor(run, uses) {
    this.run = run;
    this.status = make("span", { className: "faint", role: "status" });
    this.tiles = run.images.map((_, index) => new TileView(run, index, uses));
    const { prompt, model, size } = run.request.fields;
    this.element = make(
      "article",
      { className: "run", aria: { label: prompt } },
      make(
        "header",
        { className: "run-head" },
        make("strong", {}, prompt),
        make("span", { className: "faint" }, `${model} · ${size.replace("x", " × ")}`),
        this.status,
        make("button", { type: "button", className: "link", on: { click: () => uses.copyAs(run) } }, "Copy as …"),
      ),
      make("ul", { className: "tiles" }, ...this.tiles.map(({ element }) => element)),
    );
    run.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    this.status.textContent = words(this.run);
    for (const tile of this.tiles) tile.show();
  }
}

function words(/** @type {Run} */ { state, place, images, problem }) {
  if (state === "failed") return `${problem?.message} ${problem?.advice}`;
  if (state === "stopped") return "Stopped";
  if (state === "done") return "";
  if (place) return `Waiting: number ${place.position} in the queue${about(place.wait_seconds)}`;
  return images.some(({ step, preview }) => step || preview) ? "Painting" : "Sent";
}

const about = (/** @type {number | null} */ seconds) => (seconds === null ? "" : `, about ${Math.ceil(seconds)} s`);
