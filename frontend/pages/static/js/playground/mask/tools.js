// What a drag does with each tool. Pointer and keyboard drive them alike.

import { floodFill } from "./flood.js";
import { fillPolygon, fillRectangle, strokeLine } from "./shapes.js";

/** @typedef {import("./mask.js").Mask} Mask */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{radius: number, value: 0 | 1}} Brush */
/** @typedef {(mask: Mask, points: Point[], from: number, brush: Brush) => void} Tool
 * Paints `points`, of which those before index `from` have been painted already. */

/** @type {Tool} */
function brush(mask, points, from, { radius, value }) {
  for (let i = from; i < points.length; i++) {
    const previous = points[Math.max(0, i - 1)];
    mask.paint((raster) => strokeLine(raster, previous, points[i], radius, value));
  }
}

/** @type {Tool} */
function rectangle(mask, points, _, { value }) {
  mask.revert();
  mask.paint((raster) => fillRectangle(raster, points[0], points[points.length - 1], value));
}

/** @type {Tool} */
function lasso(mask, points, _, { value }) {
  mask.revert();
  mask.paint((raster) => fillPolygon(raster, points, value));
}

/** @type {Tool} */
function fill(mask, points, from, { value }) {
  if (from === 0) mask.paint((raster) => floodFill(raster, points[0], value));
}

/** @type {Readonly<Record<string, Tool>>} */
export const TOOLS = Object.freeze({ brush, eraser: brush, rectangle, lasso, fill });
