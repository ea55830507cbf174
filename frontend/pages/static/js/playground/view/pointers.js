// Mouse, pen and fingers on the stage: one paints, the middle button or space moves, two pinch.

/** @typedef {import("./viewport.js").Viewport} Viewport @typedef {{x: number, y: number}} Point */
/**
 * What painting is done with.
 * @typedef {object} Painter
 * @property {(point: Point, erases: boolean) => void} begin
 * @property {(points: Point[]) => void} extend
 * @property {() => void} end
 * @property {() => void} cancel
 */

const PRIMARY = 0;
const MIDDLE = 1;

export class Pointers {
  /** @param {HTMLElement} stage @param {Viewport} viewport @param {Painter} painter */
  constructor(stage, viewport, painter) {
    this.stage = stage;
    this.viewport = viewport;
    this.painter = painter;
    /** @type {Map<number, Point>} those that are down, in the window's coordinates */
    this.down = new Map();
    /** @type {"idle" | "paint" | "pan" | "pinch"} */
    this.does = "idle";
    this.spaceHeld = false;
    stage.addEventListener("pointerdown", (event) => this.#press(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#release(event));
    stage.addEventListener("pointercancel", (event) => this.#release(event, true));
  }

  #press(/** @type {PointerEvent} */ event) {
    if (event.target instanceof Element && event.target.closest("button, a, input")) return;
    this.stage.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, at(event));
    if (this.down.size === 2) {
      if (this.does === "paint") this.painter.cancel();
      this.does = "pinch";
    } else if (this.down.size === 1) {
      this.#begin(event);
    }
  }

  #begin(/** @type {PointerEvent} */ event) {
    if (event.button === MIDDLE || (event.button === PRIMARY && this.spaceHeld)) {
      this.does = "pan";
      event.preventDefault(); // the middle button would scroll
    } else if (event.button === PRIMARY) {
      this.does = "paint";
      this.painter.begin(this.viewport.toPicture(at(event)), event.altKey);
    }
    this.stage.classList.toggle("panning", this.does === "pan");
  }

  #move(/** @type {PointerEvent} */ event) {
    const before = this.down.get(event.pointerId);
    if (!before) return;
    if (this.does === "pinch") this.#pinch(event, before);
    this.down.set(event.pointerId, at(event));
    if (this.does === "pan") this.viewport.pan(event.clientX - before.x, event.clientY - before.y);
    if (this.does === "paint") {
      const steps = event.getCoalescedEvents?.() ?? [];
      const points = (steps.length ? steps : [event]).map(at);
      this.painter.extend(points.map((point) => this.viewport.toPicture(point)));
    }
  }

  #pinch(/** @type {PointerEvent} */ event, /** @type {Point} */ before) {
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const now = at(event);
    this.viewport.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    this.viewport.zoom(distance(now, other) / Math.max(1, distance(before, other)), {
      x: (now.x + other.x) / 2,
      y: (now.y + other.y) / 2,
    });
  }

  #release(/** @type {PointerEvent} */ event, cancelled = false) {
    if (!this.down.delete(event.pointerId)) return;
    if (this.does === "paint") cancelled ? this.painter.cancel() : this.painter.end();
    // After a pinch the finger that stays down does nothing until it is lifted, too.
    if (this.does !== "pinch" || this.down.size === 0) this.does = "idle";
    this.stage.classList.remove("panning");
  }
}

/** @returns {Point} */
const at = (/** @type {PointerEvent} */ event) => ({ x: event.clientX, y: event.clientY });

const distance = (/** @type {Point} */ a, /** @type {Point} */ b) => Math.hypot(a.x - b.x, a.y - b.y);
