// Shows the mask over the picture: translucent, striped so that it is seen on any colour.

import { isEmpty, NOTHING, union, whole } from "./rect.js";

/** @typedef {import("./mask.js").Mask} Mask @typedef {import("./rect.js").Rect} Rect */

// RGBA, as the bytes lie in memory (little-endian).
const LIGHT = 0x94_6e_2e_ff;
const DARK = 0x94_48_10_c8;
const STRIPES = 64; // across the picture

export class Overlay {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {Mask | null} */
    this.mask = null;
    /** @type {Rect} */
    this.dirty = NOTHING;
  }

  /** @param {Mask} mask */
  show(mask) {
    this.mask = mask;
    this.canvas.width = this.canvas.height = mask.side;
    this.#redraw(whole(mask.side));
    mask.addEventListener("change", (event) => {
      if (mask === this.mask) this.#redraw(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /** Draw a region with the next frame, however often it changes before. */
  #redraw(/** @type {Rect} */ rect) {
    if (isEmpty(this.dirty)) requestAnimationFrame(() => this.#draw());
    this.dirty = union(this.dirty, rect);
  }

  #draw() {
    const { mask, dirty } = this;
    this.dirty = NOTHING;
    if (!mask || isEmpty(dirty)) return;
    const image = new ImageData(dirty.right - dirty.left, dirty.bottom - dirty.top);
    tint(mask, dirty, new Uint32Array(image.data.buffer));
    this.context.putImageData(image, dirty.left, dirty.top);
  }
}

function tint(/** @type {Mask} */ { raster }, /** @type {Rect} */ rect, /** @type {Uint32Array} */ colours) {
  const stripe = Math.max(2, raster.side / STRIPES);
  let i = 0;
  for (let y = rect.top; y < rect.bottom; y++) {
    for (let x = rect.left; x < rect.right; x++, i++) {
      if (!raster.cells[y * raster.side + x]) continue;
      colours[i] = ((x + y) / stripe) & 1 ? DARK : LIGHT;
    }
  }
}
