// Shapes painted into a raster. Each returns the rectangle that it may have changed.
// A pixel belongs to a shape if its centre, at (x + 0.5, y + 0.5), does.

import { around, whole } from "./rect.js";

/** @typedef {import("./raster.js").Raster} Raster @typedef {import("./rect.js").Rect} Rect */
/** @typedef {{x: number, y: number}} Point @typedef {0 | 1} Value */

/**
 * A round brush drawn from one point to another: all pixels within `radius` of the line.
 * @param {Raster} raster @param {Point} from @param {Point} to @param {number} radius
 * @param {Value} value @returns {Rect}
 */
export function strokeLine(raster, from, to, radius, value) {
  const rect = around([from, to], radius, raster.side);
  for (let y = rect.top; y < rect.bottom; y++) {
    const span = capsuleSpan(from, to, radius, y + 0.5);
    if (span) raster.setRow(y, Math.ceil(span[0] - 0.5), Math.floor(span[1] - 0.5) + 1, value);
  }
  return rect;
}

/**
 * Where a horizontal line crosses a capsule: the union of two discs and the band between them.
 * @param {Point} from @param {Point} to @param {number} radius @param {number} y
 * @returns {[number, number] | null}
 */
function capsuleSpan(from, to, radius, y) {
  const spans = [discSpan(from, radius, y), discSpan(to, radius, y), bandSpan(from, to, radius, y)];
  const hits = spans.filter((span) => span !== null);
  if (!hits.length) return null;
  return [Math.min(...hits.map(([left]) => left)), Math.max(...hits.map(([, right]) => right))];
}

/** @returns {[number, number] | null} */
function discSpan(/** @type {Point} */ centre, /** @type {number} */ radius, /** @type {number} */ y) {
  const square = radius * radius - (y - centre.y) ** 2;
  return square < 0 ? null : [centre.x - Math.sqrt(square), centre.x + Math.sqrt(square)];
}

/** The rectangle along the line, `radius` to each side. @returns {[number, number] | null} */
function bandSpan(/** @type {Point} */ from, /** @type {Point} */ to, /** @type {number} */ radius, /** @type {number} */ y) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return null;
  const nx = (-(to.y - from.y) / length) * radius;
  const ny = ((to.x - from.x) / length) * radius;
  const corners = [
    { x: from.x + nx, y: from.y + ny },
    { x: to.x + nx, y: to.y + ny },
    { x: to.x - nx, y: to.y - ny },
    { x: from.x - nx, y: from.y - ny },
  ];
  const [left, right] = crossings(corners, y);
  return left === undefined || right === undefined ? null : [left, right];
}

/**
 * A rectangle between two opposite corners.
 * @param {Raster} raster @param {Point} a @param {Point} b @param {Value} value @returns {Rect}
 */
export function fillRectangle(raster, a, b, value) {
  const left = Math.round(Math.min(a.x, b.x));
  const right = Math.round(Math.max(a.x, b.x));
  const rect = around([a, b], 0, raster.side);
  const bottom = Math.round(Math.max(a.y, b.y));
  for (let y = Math.round(Math.min(a.y, b.y)); y < bottom; y++) raster.setRow(y, left, right, value);
  return rect;
}

/**
 * The inside of a closed line, by the even-odd rule.
 * @param {Raster} raster @param {Point[]} corners @param {Value} value @returns {Rect}
 */
export function fillPolygon(raster, corners, value) {
  const rect = around(corners, 0, raster.side);
  for (let y = rect.top; y < rect.bottom; y++) {
    const xs = crossings(corners, y + 0.5);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      raster.setRow(y, Math.ceil(xs[i] - 0.5), Math.ceil(xs[i + 1] - 0.5), value);
    }
  }
  return rect;
}

/** Where a polygon's edges cross a horizontal line, from left to right. */
function crossings(/** @type {Point[]} */ corners, /** @type {number} */ y) {
  const xs = [];
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [a, b] = [corners[j], corners[i]];
    if (a.y > y !== b.y > y) xs.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
  }
  return xs.sort((a, b) => a - b);
}

/** All pixels. @param {Raster} raster @param {Value} value @returns {Rect} */
export function fillAll(raster, value) {
  raster.cells.fill(value);
  return whole(raster.side);
}

/** What was painted is not, and the other way round. @param {Raster} raster @returns {Rect} */
export function invert(raster) {
  const { cells } = raster;
  for (let i = 0; i < cells.length; i++) cells[i] ^= 1;
  return whole(raster.side);
}
