// Flood fill, a whole run of pixels at a time.

import { NOTHING, union } from "./rect.js";

/** @typedef {import("./raster.js").Raster} Raster @typedef {import("./rect.js").Rect} Rect */

/**
 * Set the connected area around a point that has another value, up to its border.
 * @param {Raster} raster @param {{x: number, y: number}} point @param {0 | 1} value
 * @returns {Rect} what was changed; nothing for a point outside
 */
export function floodFill(raster, point, value) {
  const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
  const { side, cells } = raster;
  if (x < 0 || y < 0 || x >= side || y >= side) return NOTHING;
  let changed = /** @type {Rect} */ (NOTHING);
  const seeds = [[x, y]];
  for (let seed = seeds.pop(); seed; seed = seeds.pop()) {
    const [seedX, row] = seed;
    if (cells[row * side + seedX] === value) continue;
    const [left, right] = runAround(raster, seedX, row, value);
    raster.setRow(row, left, right, value);
    changed = union(changed, { left, top: row, right, bottom: row + 1 });
    for (const next of [row - 1, row + 1]) {
      if (next >= 0 && next < side) seedRuns(raster, left, right, next, value, seeds);
    }
  }
  return changed;
}

/** The run of pixels without `value` around one of them. */
function runAround(/** @type {Raster} */ { side, cells }, /** @type {number} */ x, /** @type {number} */ y, /** @type {0|1} */ value) {
  let [left, right] = [x, x + 1];
  while (left > 0 && cells[y * side + left - 1] !== value) left--;
  while (right < side && cells[y * side + right] !== value) right++;
  return [left, right];
}

/** One seed for each run without `value` that a neighbouring run touches. */
function seedRuns(
  /** @type {Raster} */ { side, cells },
  /** @type {number} */ left,
  /** @type {number} */ right,
  /** @type {number} */ y,
  /** @type {0|1} */ value,
  /** @type {number[][]} */ seeds,
) {
  let inside = false;
  for (let x = left; x < right; x++) {
    const open = cells[y * side + x] !== value;
    if (open && !inside) seeds.push([x, y]);
    inside = open;
  }
}
