// From any picture file to a square one: as it is if it is square, else after the person cropped it.

import { Problem } from "../../common/problem.js";
import { chooseSquare } from "./crop.js";
import { asItIs, cutOut } from "./picture.js";

/** @typedef {import("./picture.js").Picture} Picture @typedef {{bitmap: ImageBitmap, name: string}} Original */

/**
 * @param {Blob} file
 * @returns {Promise<{picture: Picture, original: Original} | null>} null if the person gave up
 */
export async function openPicture(file) {
  const original = { bitmap: await decode(file), name: nameOf(file) };
  const unchanged = await asItIs(file, original.name);
  if (unchanged) return { picture: unchanged, original };
  const { width, height } = original.bitmap;
  const square = width === height ? { left: 0, top: 0, side: width } : await chooseSquare(original.bitmap);
  return square && { picture: await cutOut(original.bitmap, square, original.name), original };
}

/** Crop an opened picture anew. @param {Original} original @returns {Promise<Picture | null>} */
export async function cropAgain({ bitmap, name }) {
  const square = await chooseSquare(bitmap);
  return square && cutOut(bitmap, square, name);
}

async function decode(/** @type {Blob} */ file) {
  try {
    return await createImageBitmap(file);
  } catch {
    return await decodeAsImage(file);
  }
}

/** SVG, which has no bitmap of its own. */
async function decodeAsImage(/** @type {Blob} */ file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return await createImageBitmap(image);
  } catch {
    throw new Problem("This file is no picture that the browser can read.", "Save it as PNG or JPEG and open that.");
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

const nameOf = (/** @type {Blob} */ file) =>
  (file instanceof File && file.name.replace(/\.[^.]*$/, "")) || "picture";
