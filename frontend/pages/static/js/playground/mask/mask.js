// The mask that a person paints: a raster that remembers, and tells who draws it what changed.

import { History } from "./history.js";
import { Raster } from "./raster.js";
import { isEmpty, NOTHING, union } from "./rect.js";

/** @typedef {import("./rect.js").Rect} Rect */
/** @typedef {(raster: Raster) => Rect} Operation changes a raster and says where */

export class Mask extends EventTarget {
  /** @param {number} side in pixels */
  constructor(side) {
    super();
    this.raster = new Raster(side);
    /** What it was before the stroke under way. */
    this.committed = new Raster(side);
    this.history = new History();
    /** @type {Rect} */
    this.pending = NOTHING;
  }

  get side() {
    return this.raster.side;
  }

  get isBlank() {
    return !this.raster.cells.includes(1);
  }

  /** Go on with the stroke under way. @param {Operation} operation */
  paint(operation) {
    const rect = operation(this.raster);
    this.pending = union(this.pending, rect);
    this.#changed(rect);
  }

  /** Take back the stroke under way. */
  revert() {
    const rect = this.pending;
    if (isEmpty(rect)) return;
    this.raster.copyFrom(this.committed, rect);
    this.pending = NOTHING;
    this.#changed(rect);
  }

  /** End the stroke under way: from now on it can be undone. */
  commit() {
    const rect = this.pending;
    if (isEmpty(rect)) return;
    this.history.remember({ rect, cells: this.committed.cut(rect) });
    this.committed.copyFrom(this.raster, rect);
    this.pending = NOTHING;
    this.dispatchEvent(new Event("commit"));
  }

  /** A stroke of one operation. @param {Operation} operation */
  apply(operation) {
    this.revert();
    this.paint(operation);
    this.commit();
  }

  undo() {
    this.revert();
    this.#restore(this.history.undo(this.raster));
  }

  redo() {
    this.revert();
    this.#restore(this.history.redo(this.raster));
  }

  #restore(/** @type {Rect | null} */ rect) {
    if (!rect) return;
    this.committed.copyFrom(this.raster, rect);
    this.#changed(rect);
    this.dispatchEvent(new Event("commit"));
  }

  #changed(/** @type {Rect} */ rect) {
    if (!isEmpty(rect)) this.dispatchEvent(new CustomEvent("change", { detail: rect }));
  }
}
