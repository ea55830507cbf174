// Undo and redo. A step keeps the pixels of the region that it changed, not the whole mask.

/** @typedef {import("./raster.js").Raster} Raster @typedef {import("./rect.js").Rect} Rect */
/** @typedef {{rect: Rect, cells: Uint8Array}} Step */

const MOST_BYTES = 64 * 2 ** 20;

export class History {
  constructor() {
    /** @type {Step[]} */
    this.past = [];
    /** @type {Step[]} */
    this.future = [];
  }

  /** Keep what a region was before a change; the oldest steps give way. @param {Step} step */
  remember(step) {
    this.past.push(step);
    this.future = [];
    let bytes = this.past.reduce((sum, { cells }) => sum + cells.length, 0);
    while (bytes > MOST_BYTES && this.past.length > 1) bytes -= this.past.shift()?.cells.length ?? 0;
  }

  /** @param {Raster} raster @returns {Rect | null} what changed */
  undo(raster) {
    return swap(raster, this.past, this.future);
  }

  /** @param {Raster} raster @returns {Rect | null} what changed */
  redo(raster) {
    return swap(raster, this.future, this.past);
  }
}

/** Take a step from one side, and leave its opposite on the other. */
function swap(/** @type {Raster} */ raster, /** @type {Step[]} */ from, /** @type {Step[]} */ to) {
  const step = from.pop();
  if (!step) return null;
  to.push({ rect: step.rect, cells: raster.cut(step.rect) });
  raster.paste(step.rect, step.cells);
  return step.rect;
}
