// The easel: a picture, the mask painted over it, and everything that paints.

import { byId } from "../common/dom.js";
import { say } from "../common/notices.js";
import { Mask } from "./mask/mask.js";
import { transparencyOf } from "./mask/file.js";
import { Overlay } from "./mask/overlay.js";
import { whole } from "./mask/rect.js";
import { Stroke } from "./mask/stroke.js";
import { Brush } from "./view/brush.js";
import { KeyboardPainter } from "./view/keyboard.js";
import { Pointers } from "./view/pointers.js";
import { Viewport } from "./view/viewport.js";
import { listenToWheel } from "./view/wheel.js";

/** @typedef {import("./picture/picture.js").Picture} Picture @typedef {{x: number, y: number}} Point */

export class Easel extends EventTarget {
  constructor() {
    super();
    this.stage = byId("stage", HTMLElement);
    this.sheet = byId("sheet", HTMLElement);
    this.viewport = new Viewport(this.stage, this.sheet);
    this.overlay = new Overlay(byId("overlay", HTMLCanvasElement));
    this.brush = new Brush(byId("brush-size", HTMLInputElement), byId("circle", HTMLElement), this.stage, this.viewport);
    this.pointers = new Pointers(this.stage, this.viewport, this);
    this.keyboard = new KeyboardPainter(this.stage, byId("hair", HTMLElement), this.viewport, this, say);
    listenToWheel(this.stage, this.viewport, (steps) => this.brush.resize(steps));
    this.tool = "brush";
    /** @type {Picture | null} */
    this.picture = null;
    this.mask = new Mask(1);
    /** @type {Stroke | null} */
    this.stroke = null;
  }

  /** Put a new picture up; what is transparent in it is painted already. @param {Picture} picture */
  async show(picture) {
    const bitmap = await createImageBitmap(picture.file);
    const canvas = byId("picture", HTMLCanvasElement);
    canvas.width = canvas.height = picture.side;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const holes = await transparencyOf(picture.file);
    this.picture = picture;
    this.mask = new Mask(picture.side);
    if (holes.includes(1)) this.replaceMask(holes);
    this.mask.addEventListener("commit", () => this.dispatchEvent(new Event("mask")));
    this.overlay.show(this.mask);
    this.#ready(picture.side);
    this.dispatchEvent(new Event("picture"));
    this.dispatchEvent(new Event("mask"));
  }

  #ready(/** @type {number} */ side) {
    this.sheet.hidden = false;
    byId("empty", HTMLElement).hidden = true;
    this.stage.classList.add("ready");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", "Picture: arrow keys move the cross-hair, Enter paints");
    this.stage.dataset.tool = this.tool;
    this.viewport.show(side);
    this.brush.suit(side);
    this.keyboard.reset();
  }

  /** @param {string} tool */
  choose(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
  }

  /** @param {Uint8Array} cells one byte a pixel, 1 = painted */
  replaceMask(cells) {
    this.mask.apply((raster) => {
      raster.cells.set(cells);
      return whole(raster.side);
    });
  }

  // A painter, to the pointers and the keyboard.

  begin(/** @type {Point} */ point, /** @type {boolean} */ erases) {
    if (!this.picture) return;
    this.stroke = new Stroke(this.mask, this.tool, this.brush.radius, erases);
    this.stroke.extend([point]);
  }

  extend(/** @type {Point[]} */ points) {
    this.stroke?.extend(points);
  }

  end() {
    this.stroke?.end();
    this.stroke = null;
  }

  cancel() {
    this.stroke?.cancel();
    this.stroke = null;
  }
}
