// A square picture, ready to be painted on and to be sent.

import { readPngHeader } from "./header.js";
import { pixelsOf } from "./pixels.js";
import { encodePng } from "./png.js";

/** @typedef {{left: number, top: number, side: number}} Square may reach beyond the picture */
/**
 * @typedef {object} Picture
 * @property {Blob} file the PNG that is sent
 * @property {number} side in pixels
 * @property {string} name without an extension
 */

const MOST_BYTES = 4 * 2 ** 20 - 1; // the API's limit
const MOST_PIXELS = 4096; // a side, likewise
export const LARGEST_OUTPUT = 1024; // more pixels than that would only be scaled away
const SHRINK = 0.75;
// What the server would turn, or show another of: their pixels are written anew.
const TROUBLESOME_CHUNKS = ["eXIf", "acTL"];

/**
 * Return the picture as it is where the API takes it: then not one byte changes.
 * @param {Blob} file @param {string} name @returns {Promise<Picture | null>}
 */
export async function asItIs(file, name) {
  const header = await readPngHeader(file);
  if (!header || header.width !== header.height || header.width > MOST_PIXELS) return null;
  if (file.size > MOST_BYTES || header.chunks.some((chunk) => TROUBLESOME_CHUNKS.includes(chunk))) return null;
  return { file: new Blob([file], { type: "image/png" }), side: header.width, name };
}

/**
 * Cut a square out of a picture. Where the square reaches beyond it, it is transparent.
 * @param {ImageBitmap} bitmap
 * @param {Square} square @param {string} name @returns {Promise<Picture>}
 */
export async function cutOut(bitmap, square, name) {
  let side = Math.min(LARGEST_OUTPUT, Math.round(square.side));
  for (;;) {
    const image = drawn(bitmap, square, side);
    const file = await encodePng(image.data, side, side);
    if (file.size <= MOST_BYTES) return { file, side, name };
    side = Math.round(side * SHRINK);
  }
}

function drawn(/** @type {ImageBitmap} */ bitmap, /** @type {Square} */ square, /** @type {number} */ side) {
  const canvas = new OffscreenCanvas(side, side);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.scale(side / square.side, side / square.side);
  context.drawImage(bitmap, -square.left, -square.top);
  return context.getImageData(0, 0, side, side);
}

/**
 * The picture with the painted pixels transparent, and the colours under them kept.
 * @param {Picture} picture @param {import("../mask/raster.js").Raster} raster
 */
export async function withHoles(picture, raster) {
  const image = await pixelsOf(picture.file);
  for (let i = 0; i < raster.cells.length; i++) image.data[i * 4 + 3] = raster.cells[i] ? 0 : 255;
  return encodePng(image.data, picture.side, picture.side);
}
