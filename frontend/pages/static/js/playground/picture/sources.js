// The ways in which pictures come: chosen, dropped, pasted, or one of the samples.

import { byId, make } from "../../common/dom.js";
import { guarded } from "../../common/notices.js";

const SAMPLES = [
  { file: "meadow", name: "A meadow with a kite" },
  { file: "beach", name: "A beach in the evening" },
  { file: "wall", name: "A brick wall" },
];

/**
 * @param {(file: Blob) => Promise<void>} open
 * @returns {() => void} shows the dialog for choosing a file
 */
export function listenForPictures(open) {
  const input = byId("picture-file", HTMLInputElement);
  input.addEventListener("change", guarded(async () => {
    const [file] = input.files ?? [];
    input.value = ""; // so that the same file can be chosen again
    if (file) await open(file);
  }));
  listenForDrops(open);
  addEventListener("paste", guarded(async (/** @type {ClipboardEvent} */ event) => {
    const file = pictureIn(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    await open(file);
  }));
  offerSamples(open);
  return () => input.click();
}

function listenForDrops(/** @type {(file: Blob) => Promise<void>} */ open) {
  const stage = byId("stage", HTMLElement);
  addEventListener("dragover", (event) => {
    event.preventDefault(); // a drop beside the stage must not leave the page
    stage.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("dropping");
  });
  addEventListener("drop", guarded(async (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    stage.classList.remove("dropping");
    const file = pictureIn(event.dataTransfer);
    if (file) await open(file);
  }));
}

function pictureIn(/** @type {DataTransfer | null} */ transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/")) ?? transfer?.files[0];
}

function offerSamples(/** @type {(file: Blob) => Promise<void>} */ open) {
  const buttons = SAMPLES.map(({ file, name }) => {
    const url = `static/samples/${file}`;
    const load = guarded(async () => {
      const blob = await (await fetch(`${url}.png`)).blob();
      await open(new File([blob], `${file}.png`, { type: "image/png" }));
    });
    const image = make("img", { src: `${url}-small.webp`, alt: name, width: 88, height: 88 });
    return make("button", { type: "button", title: name, on: { click: load } }, image);
  });
  byId("samples", HTMLElement).replaceChildren(...buttons);
}
