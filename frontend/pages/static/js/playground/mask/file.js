// Masks as files: the one that is sent with a request, and those that people bring along.

import { pixelsOf } from "../picture/pixels.js";
import { encodePng } from "../picture/png.js";
import { Problem } from "../../common/problem.js";

/** @typedef {import("./raster.js").Raster} Raster */

const HALF = 128;

/** A PNG that is transparent where `raster` is painted and white elsewhere. @param {Raster} raster */
export function maskFile({ side, cells }) {
  const rgba = new Uint8Array(side * side * 4).fill(255);
  for (let i = 0; i < cells.length; i++) if (cells[i]) rgba[i * 4 + 3] = 0;
  return encodePng(rgba, side, side);
}

/** Where a picture file is fully transparent: 1, elsewhere 0. @param {Blob} file */
export async function transparencyOf(file) {
  const { data } = await pixelsOf(file);
  return Uint8Array.from({ length: data.length / 4 }, (_, i) => (data[i * 4 + 3] === 0 ? 1 : 0));
}

/**
 * Read a mask: its transparent pixels are painted; of one without any, the white ones.
 * @param {Blob} file @param {number} side of the picture that it is for; other sizes are scaled
 * @returns {Promise<Uint8Array>} side * side cells
 */
export async function readMask(file, side) {
  const image = await pixelsOf(file).catch(() => {
    throw new Problem("This mask cannot be read.", "Choose a PNG file.");
  });
  if (image.width !== image.height) {
    throw new Problem("This mask is not square.", "Choose one of the picture's size.");
  }
  const pixels = new Uint32Array(image.data.buffer);
  const hasHoles = pixels.some((pixel) => pixel >>> 24 === 0);
  const isPainted = hasHoles
    ? (/** @type {number} */ pixel) => pixel >>> 24 === 0
    : (/** @type {number} */ pixel) => ((pixel >>> 8) & 255) >= HALF; // green, as good as grey
  const scale = image.width / side;
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const x = Math.floor(((i % side) + 0.5) * scale);
    const y = Math.floor((Math.floor(i / side) + 0.5) * scale);
    return isPainted(pixels[y * image.width + x]) ? 1 : 0;
  });
}
