// One picture of a run: its preview and progress, and when it is finished what can be done with it.

import { make, save } from "../../common/dom.js";
import { guarded } from "../../common/notices.js";

/** @typedef {import("../run/run.js").Run} Run @typedef {import("./run_view.js").Uses} Uses */

export class TileView {
  /** @param {Run} run @param {number} index @param {Uses} uses */
  constructor(run, index, uses) {
    this.run = run;
    this.index = index;
    this.image = make("img", { alt: "", hidden: true });
    this.frame = make(
      "button",
      { type: "button", className: "frame", aria: { label: `Compare picture ${index + 1} with the original` }, on: { click: () => uses.compare(run, index) } },
      this.image,
    );
    this.progress = make("progress", { max: 1, value: 0, aria: { label: `Progress of picture ${index + 1}` } });
    this.state = make("div", { className: "state" });
    this.actions = make("div", { className: "row" }, ...this.#buttons(uses));
    this.element = make("li", { className: "tile" }, this.frame, this.progress, this.state, this.actions);
    /** @type {Blob | null} */
    this.shown = null;
  }

  get picture() {
    return this.run.images[this.index];
  }

  get fileName() {
    const type = this.picture.file?.type.split("/")[1] ?? "png";
    return `${this.run.request.name}-${this.picture.seed}.${type === "jpeg" ? "jpg" : type}`;
  }

  #buttons(/** @type {Uses} */ uses) {
    const button = (/** @type {string} */ words, /** @type {() => unknown} */ click) =>
      make("button", { type: "button", className: "quiet small", on: { click: guarded(click) } }, words);
    return [
      button("Compare", () => uses.compare(this.run, this.index)),
      button("Download", () => this.picture.file && save(this.picture.file, this.fileName)),
      button("Continue from this", () => uses.proceed(this.run, this.index)),
      button("Use seed", () => uses.reuseSeed(this.picture.seed)),
    ];
  }

  show() {
    const { file, preview, step, steps, seed } = this.picture;
    const isComing = this.run.state === "running" && !file;
    this.#draw(file ?? preview);
    this.image.classList.toggle("preview", !file);
    this.progress.hidden = !isComing;
    if (steps) [this.progress.max, this.progress.value] = [steps, step];
    const progress = isComing && steps ? `step ${step} of ${steps}` : "";
    this.state.replaceChildren(make("span", {}, seed && `seed ${seed}`), make("span", {}, progress));
    this.frame.disabled = this.actions.hidden = !file;
    this.element.hidden = !isComing && !file && !preview; // failed before there was anything to see
  }

  #draw(/** @type {Blob | null} */ picture) {
    if (!picture || picture === this.shown) return;
    this.shown = picture;
    URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(picture);
    this.image.alt = `Picture ${this.index + 1}: ${this.run.request.fields.prompt}`;
    this.image.hidden = false;
  }
}
