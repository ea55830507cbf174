// A square of pixels that are painted (1) or not (0). There is nothing between: the API repaints
// fully transparent pixels only, so what a person sees painted is what the server repaints.

import { isEmpty } from "./rect.js";

/** @typedef {import("./rect.js").Rect} Rect */

export class Raster {
  /** @param {number} side in pixels */
  constructor(side) {
    this.side = side;
    this.cells = new Uint8Array(side * side);
  }

  /** Set the pixels from `left` up to, but not including, `right` of one row. */
  setRow(/** @type {number} */ y, /** @type {number} */ left, /** @type {number} */ right, /** @type {0|1} */ value) {
    if (y < 0 || y >= this.side) return;
    const from = Math.max(0, left);
    const to = Math.min(this.side, right);
    if (from < to) this.cells.fill(value, y * this.side + from, y * this.side + to);
  }

  /** A copy of a region, row by row. @param {Rect} rect */
  cut(rect) {
    const width = rect.right - rect.left;
    const copy = new Uint8Array(isEmpty(rect) ? 0 : width * (rect.bottom - rect.top));
    for (let y = rect.top; y < rect.bottom; y++) {
      const start = y * this.side;
      copy.set(this.cells.subarray(start + rect.left, start + rect.right), (y - rect.top) * width);
    }
    return copy;
  }

  /** The inverse of `cut`. @param {Rect} rect @param {Uint8Array} copy */
  paste(rect, copy) {
    const width = rect.right - rect.left;
    for (let y = rect.top; y < rect.bottom; y++) {
      const row = (y - rect.top) * width;
      this.cells.set(copy.subarray(row, row + width), y * this.side + rect.left);
    }
  }

  /** Take a region from another raster of the same side. @param {Raster} other @param {Rect} rect */
  copyFrom(other, rect) {
    this.paste(rect, other.cut(rect));
  }

  /** How many pixels are painted. */
  count() {
    let painted = 0;
    for (const cell of this.cells) painted += cell;
    return painted;
  }
}
