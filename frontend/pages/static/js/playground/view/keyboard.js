// Painting by keyboard: arrows move a cross-hair on the focused stage, Enter puts the tool down and
// lifts it again, Escape takes the stroke back.

/** @typedef {import("./viewport.js").Viewport} Viewport @typedef {{x: number, y: number}} Point */
/** @typedef {import("./pointers.js").Painter} Painter */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS_ACROSS = 64;

export class KeyboardPainter {
  /**
   * @param {HTMLElement} stage @param {HTMLElement} hair the cross-hair on the sheet
   * @param {Viewport} viewport @param {Painter} painter @param {(words: string) => void} say
   */
  constructor(stage, hair, viewport, painter, say) {
    this.hair = hair;
    this.viewport = viewport;
    this.painter = painter;
    this.say = say;
    /** @type {Point} */
    this.at = { x: 0, y: 0 };
    this.isDown = false;
    stage.addEventListener("keydown", (event) => {
      if (event.target === stage && this.#handle(event)) event.preventDefault();
    });
    stage.addEventListener("blur", () => this.#lift());
  }

  /** Begin in the middle of a new picture. */
  reset() {
    this.isDown = false;
    this.#place({ x: this.viewport.side / 2, y: this.viewport.side / 2 });
  }

  #handle(/** @type {KeyboardEvent} */ event) {
    if (event.ctrlKey || event.metaKey) return false;
    if (event.key in ARROWS) this.#step(ARROWS[event.key], event.shiftKey);
    else if (event.key === "Enter") this.isDown ? this.#lift() : this.#press(event.altKey);
    else if (event.key === "Escape" && this.isDown) this.#cancel();
    else return false;
    return true;
  }

  #step(/** @type {[number, number]} */ [dx, dy], /** @type {boolean} */ finely) {
    const { side } = this.viewport;
    const pixels = finely ? 1 : Math.max(1, Math.round(side / STEPS_ACROSS));
    const clamp = (/** @type {number} */ value) => Math.min(side, Math.max(0, value));
    this.#place({ x: clamp(this.at.x + dx * pixels), y: clamp(this.at.y + dy * pixels) });
    if (this.isDown) this.painter.extend([this.at]);
  }

  #press(/** @type {boolean} */ erases) {
    this.isDown = true;
    this.painter.begin(this.at, erases);
    this.say("Painting. Move with the arrow keys; Enter ends, Escape takes it back.");
  }

  #lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.painter.end();
    this.say("Painted.");
  }

  #cancel() {
    this.isDown = false;
    this.painter.cancel();
    this.say("Taken back.");
  }

  #place(/** @type {Point} */ point) {
    this.at = point;
    this.hair.style.left = `${point.x}px`;
    this.hair.style.top = `${point.y}px`;
  }
}
