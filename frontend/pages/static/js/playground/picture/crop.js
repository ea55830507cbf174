// The dialog in which a person chooses a square of a picture.

import { byId } from "../../common/dom.js";
import { CropFrame } from "./crop_frame.js";

/** @typedef {import("./picture.js").Square} Square */

/**
 * @param {ImageBitmap} bitmap
 * @returns {Promise<Square | null>} in the picture's pixels; null if the person gave up
 */
export function chooseSquare(bitmap) {
  const dialog = byId("crop-dialog", HTMLDialogElement);
  const canvas = byId("crop-picture", HTMLCanvasElement);
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  dialog.showModal();
  const frame = new CropFrame(bitmap.width, bitmap.height);
  byId("crop-frame", HTMLElement).focus();
  return new Promise((resolve) => {
    /** @type {Square | null} */
    let chosen = null;
    const choose = (/** @type {Square | null} */ square) => {
      chosen = square;
      dialog.close();
    };
    byId("crop-use", HTMLButtonElement).onclick = () => choose(frame.square);
    byId("crop-whole", HTMLButtonElement).onclick = () => choose(around(bitmap));
    byId("crop-cancel", HTMLButtonElement).onclick = () => choose(null);
    dialog.addEventListener("close", () => (frame.release(), resolve(chosen)), { once: true });
  });
}

/** The smallest square with the whole picture in its middle. @returns {Square} */
function around(/** @type {ImageBitmap} */ { width, height }) {
  const side = Math.max(width, height);
  return { left: Math.round((width - side) / 2), top: Math.round((height - side) / 2), side };
}
