// The brush's size, in pixels of the picture, and the circle that shows it.

/** @typedef {import("./viewport.js").Viewport} Viewport */

const STEP = 1.15;
const SMALLEST = 1;

export class Brush {
  /**
   * @param {HTMLInputElement} slider @param {HTMLElement} circle
   * @param {HTMLElement} stage @param {Viewport} viewport
   */
  constructor(slider, circle, stage, viewport) {
    this.slider = slider;
    this.circle = circle;
    this.viewport = viewport;
    slider.addEventListener("input", () => this.#draw());
    viewport.addEventListener("change", () => this.#draw());
    stage.addEventListener("pointermove", (event) => this.#follow(stage, event));
    stage.addEventListener("pointerleave", () => this.#hide());
  }

  get radius() {
    return this.slider.valueAsNumber / 2;
  }

  /** The size that suits a picture of `side` pixels. @param {number} side */
  suit(side) {
    this.slider.max = String(Math.round(side / 2));
    this.slider.value = String(Math.round(side / 10));
    this.#draw();
  }

  /** @param {number} steps up or down */
  resize(steps) {
    const size = this.slider.valueAsNumber;
    const next = Math.round(size * STEP ** steps);
    this.slider.value = String(Math.max(SMALLEST, next === size ? size + steps : next));
    this.#draw();
  }

  #follow(/** @type {HTMLElement} */ stage, /** @type {PointerEvent} */ event) {
    const box = stage.getBoundingClientRect();
    this.circle.style.translate = `${event.clientX - box.left}px ${event.clientY - box.top}px`;
    this.circle.hidden = event.pointerType === "touch";
  }

  #hide() {
    this.circle.hidden = true;
  }

  #draw() {
    const extent = this.slider.valueAsNumber * this.viewport.scale;
    this.circle.style.width = this.circle.style.height = `${extent}px`;
    this.slider.setAttribute("aria-valuetext", `${this.slider.value} pixels`);
  }
}
