// How the picture lies on the stage: zoomed and moved, never further than its edge.

/** @typedef {{x: number, y: number}} Point */

const LARGEST_SCALE = 32;
const MARGIN = 16; // CSS pixels around a fitted picture
const KEPT_IN_SIGHT = 48; // CSS pixels of the picture, however far it is moved

export class Viewport extends EventTarget {
  /** @param {HTMLElement} stage @param {HTMLElement} sheet what lies on it */
  constructor(stage, sheet) {
    super();
    this.stage = stage;
    this.sheet = sheet;
    this.side = 1;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fitted = true;
    new ResizeObserver(() => this.#resized()).observe(stage);
  }

  /** Show a picture of `side` pixels as a whole. @param {number} side */
  show(side) {
    this.side = side;
    this.sheet.style.width = this.sheet.style.height = `${side}px`;
    this.fit();
  }

  get fittingScale() {
    const room = Math.min(this.stage.clientWidth, this.stage.clientHeight) - 2 * MARGIN;
    return Math.max(0.01, room / this.side);
  }

  fit() {
    this.scale = this.fittingScale;
    this.x = (this.stage.clientWidth - this.side * this.scale) / 2;
    this.y = (this.stage.clientHeight - this.side * this.scale) / 2;
    this.fitted = true;
    this.#apply();
  }

  /** Zoom; what lies under the point (of the window) stays there. @param {number} factor @param {Point} [at] */
  zoom(factor, at = this.#middle()) {
    const box = this.stage.getBoundingClientRect();
    const smallest = this.fittingScale / 2;
    const scale = Math.min(LARGEST_SCALE, Math.max(smallest, this.scale * factor));
    const [px, py] = [at.x - box.left, at.y - box.top];
    this.x = px - (px - this.x) * (scale / this.scale);
    this.y = py - (py - this.y) * (scale / this.scale);
    this.scale = scale;
    this.fitted = false;
    this.#apply();
  }

  /** @param {number} dx in CSS pixels @param {number} dy */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
    this.#apply();
  }

  /** A point of the window in the picture's pixels. @param {Point} point @returns {Point} */
  toPicture(point) {
    const box = this.stage.getBoundingClientRect();
    return {
      x: (point.x - box.left - this.x) / this.scale,
      y: (point.y - box.top - this.y) / this.scale,
    };
  }

  #middle() {
    const box = this.stage.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }

  #resized() {
    if (this.fitted) this.fit();
    else this.#apply();
  }

  #apply() {
    const extent = this.side * this.scale;
    const clamp = (/** @type {number} */ at, /** @type {number} */ room) =>
      Math.min(room - KEPT_IN_SIGHT, Math.max(KEPT_IN_SIGHT - extent, at));
    this.x = clamp(this.x, this.stage.clientWidth);
    this.y = clamp(this.y, this.stage.clientHeight);
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.sheet.classList.toggle("pixelated", this.scale >= 2);
    this.dispatchEvent(new Event("change"));
  }
}
