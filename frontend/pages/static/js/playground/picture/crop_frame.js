// The square frame on a picture: dragged, resized by its corner, or moved by keys.

import { byId } from "../../common/dom.js";

/** @typedef {import("./picture.js").Square} Square */

const SMALLEST = 16;
const KEY_STEPS = 40; // across the picture
/** @type {Record<string, [number, number, number]>} to the right, down, larger */
const KEYS = {
  ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0],
  "+": [0, 0, 1], "=": [0, 0, 1], "-": [0, 0, -1],
};

export class CropFrame {
  /** @param {number} width of the picture in pixels @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    const side = Math.min(width, height);
    /** @type {Square} */
    this.square = { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), side };
    this.element = byId("crop-frame", HTMLElement);
    this.canvas = byId("crop-picture", HTMLCanvasElement);
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.element.addEventListener("pointerdown", (event) => this.#drag(event), { signal });
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    addEventListener("resize", () => this.#draw(), { signal });
    this.#draw();
  }

  release() {
    this.listening.abort();
  }

  #drag(/** @type {PointerEvent} */ start) {
    const before = { ...this.square };
    const resizes = start.target === byId("crop-corner", HTMLElement);
    this.element.setPointerCapture(start.pointerId);
    const move = (/** @type {PointerEvent} */ event) => {
      const dx = (event.clientX - start.clientX) / this.#scale;
      const dy = (event.clientY - start.clientY) / this.#scale;
      if (resizes) this.#set(before.left, before.top, before.side + Math.max(dx, dy));
      else this.#set(before.left + dx, before.top + dy, before.side);
    };
    const dragging = new AbortController();
    this.element.addEventListener("pointermove", move, { signal: dragging.signal });
    for (const end of ["pointerup", "pointercancel"]) {
      this.element.addEventListener(end, () => dragging.abort(), { signal: dragging.signal });
    }
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    const step = event.shiftKey ? 1 : Math.max(this.width, this.height) / KEY_STEPS;
    const [right, down, larger] = KEYS[event.key];
    const { left, top, side } = this.square;
    this.#set(left + right * step, top + down * step, side + larger * step);
  }

  #set(/** @type {number} */ left, /** @type {number} */ top, /** @type {number} */ side) {
    side = Math.min(this.width, this.height, Math.max(SMALLEST, Math.round(side)));
    this.square = {
      left: Math.min(this.width - side, Math.max(0, Math.round(left))),
      top: Math.min(this.height - side, Math.max(0, Math.round(top))),
      side,
    };
    this.#draw();
  }

  get #scale() {
    return this.canvas.clientWidth / this.width;
  }

  #draw() {
    const { left, top, side } = this.square;
    this.element.style.left = `${left * this.#scale}px`;
    this.element.style.top = `${top * this.#scale}px`;
    this.element.style.width = this.element.style.height = `${side * this.#scale}px`;
  }
}
