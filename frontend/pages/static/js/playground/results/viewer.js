// Before and after, under a slider or side by side.

import { byId } from "../../common/dom.js";

/** @typedef {import("../run/run.js").Run} Run */

export function installViewer() {
  const compare = byId("compare", HTMLElement);
  const divider = byId("divider", HTMLInputElement);
  const show = () => {
    const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=view]:checked"));
    compare.className = `compare ${chosen.value}`;
  };
  const divide = () => {
    compare.style.setProperty("--divider", `${divider.value}%`);
    divider.setAttribute("aria-valuetext", `${divider.value} % before`);
  };
  for (const radio of document.getElementsByName("view")) radio.addEventListener("change", show);
  divider.addEventListener("input", divide);
  show();
  divide();
}

/** @param {Run} run @param {number} index */
export function compareImages(run, index) {
  const { file } = run.images[index];
  if (!file) return;
  put("before", run.request.image);
  put("after", file);
  byId("viewer", HTMLDialogElement).showModal();
}

function put(/** @type {string} */ id, /** @type {Blob} */ picture) {
  const image = byId(id, HTMLImageElement);
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(picture);
}
