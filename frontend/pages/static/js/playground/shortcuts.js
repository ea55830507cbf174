// Keys that work wherever the focus is, but in text fields and dialogs.

import { byId } from "../common/dom.js";
import { ACTIONS } from "./toolbar.js";

/** @typedef {import("./easel.js").Easel} Easel */

/** @type {Record<string, string>} */
const TOOL_KEYS = { b: "brush", e: "eraser", r: "rectangle", l: "lasso", f: "fill" };
/** @type {Record<string, string>} key -> button */
const ACTION_KEYS = { i: "invert", Delete: "clear", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "zoom-fit", "?": "help" };

/** @param {Easel} easel @param {() => void} openFile */
export function installShortcuts(easel, openFile) {
  addEventListener("keydown", (event) => {
    if (isTyping(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "o" && !event.ctrlKey && !event.metaKey) openFile();
    else if (!easel.picture || !handle(easel, event)) return;
    event.preventDefault();
  });
  addEventListener("keyup", (event) => {
    if (event.key === " ") holdSpace(easel, false);
  });
  addEventListener("blur", () => holdSpace(easel, false));
}

function handle(/** @type {Easel} */ easel, /** @type {KeyboardEvent} */ event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return handleWithControl(easel, key, event.shiftKey);
  if (key in TOOL_KEYS) selectTool(TOOL_KEYS[key]);
  else if (key in ACTION_KEYS) ACTIONS[ACTION_KEYS[key]](easel);
  else if (key === "[" || key === "]") easel.brush.resize(key === "]" ? 1 : -1);
  else if (key === " " && !isControl(event)) holdSpace(easel, true);
  else return false;
  return true;
}

function handleWithControl(/** @type {Easel} */ easel, /** @type {string} */ key, /** @type {boolean} */ shift) {
  if (key === "z") ACTIONS[shift ? "redo" : "undo"](easel);
  else if (key === "y") ACTIONS.redo(easel);
  else return false;
  return true;
}

function selectTool(/** @type {string} */ tool) {
  for (const radio of document.getElementsByName("tool")) {
    if (/** @type {HTMLInputElement} */ (radio).value === tool) radio.click();
  }
}

function holdSpace(/** @type {Easel} */ easel, /** @type {boolean} */ held) {
  easel.pointers.spaceHeld = held;
  byId("stage", HTMLElement).classList.toggle("can-pan", held);
}

function isTyping(/** @type {KeyboardEvent} */ { target }) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
    || (target instanceof HTMLInputElement && !["radio", "range", "checkbox"].includes(target.type));
}

/** Space presses these. */
function isControl(/** @type {KeyboardEvent} */ { target }) {
  return target instanceof HTMLButtonElement || target instanceof HTMLInputElement
    || (target instanceof Element && target.matches("a, summary"));
}
