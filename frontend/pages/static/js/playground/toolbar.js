// The buttons above the picture.

import { byId, save } from "../common/dom.js";
import { guarded, say } from "../common/notices.js";
import { readMask } from "./mask/file.js";
import { fillAll, invert } from "./mask/shapes.js";
import { withHoles } from "./picture/picture.js";

/** @typedef {import("./easel.js").Easel} Easel */

/** @type {Record<string, (easel: Easel) => void>} button -> what it does at once */
export const ACTIONS = {
  undo: (easel) => (easel.mask.undo(), say("Undone.")),
  redo: (easel) => (easel.mask.redo(), say("Redone.")),
  invert: (easel) => (easel.mask.apply(invert), say("Mask inverted.")),
  clear: (easel) => (easel.mask.apply((raster) => fillAll(raster, 0)), say("Mask cleared.")),
  "zoom-in": (easel) => easel.viewport.zoom(1.25),
  "zoom-out": (easel) => easel.viewport.zoom(0.8),
  "zoom-fit": (easel) => easel.viewport.fit(),
  help: () => byId("help-dialog", HTMLDialogElement).showModal(),
};

/** @param {Easel} easel */
export function installToolbar(easel) {
  for (const [id, act] of Object.entries(ACTIONS)) {
    byId(id, HTMLButtonElement).addEventListener("click", () => act(easel));
  }
  for (const radio of document.getElementsByName("tool")) {
    radio.addEventListener("change", () => easel.choose(/** @type {HTMLInputElement} */ (radio).value));
  }
  installMaskFiles(easel);
  easel.addEventListener("picture", () => {
    byId("toolbar", HTMLElement).hidden = byId("hint", HTMLElement).hidden = false;
  });
  easel.addEventListener("mask", () => {
    byId("undo", HTMLButtonElement).disabled = !easel.mask.history.past.length;
    byId("redo", HTMLButtonElement).disabled = !easel.mask.history.future.length;
  });
}

function installMaskFiles(/** @type {Easel} */ easel) {
  const input = byId("mask-file", HTMLInputElement);
  byId("import-mask", HTMLButtonElement).addEventListener("click", () => input.click());
  input.addEventListener("change", guarded(async () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (file) easel.replaceMask(await readMask(file, easel.mask.side));
  }));
  byId("export-mask", HTMLButtonElement).addEventListener("click", guarded(async () => {
    const { picture, mask } = easel;
    if (picture) save(await withHoles(picture, mask.raster), `${picture.name}-mask.png`);
  }));
}
