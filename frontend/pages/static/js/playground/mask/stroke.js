// One drag from its begin to its end.

import { TOOLS } from "./tools.js";

/** @typedef {import("./mask.js").Mask} Mask @typedef {import("./tools.js").Point} Point */

export class Stroke {
  /**
   * @param {Mask} mask @param {string} tool @param {number} radius of the brush, picture pixels
   * @param {boolean} erases
   */
  constructor(mask, tool, radius, erases) {
    this.mask = mask;
    this.tool = TOOLS[tool];
    this.brush = { radius, value: /** @type {0 | 1} */ (erases !== (tool === "eraser") ? 0 : 1) };
    /** @type {Point[]} */
    this.points = [];
  }

  /** @param {Point[]} points */
  extend(points) {
    const painted = this.points.length;
    this.points.push(...points);
    this.tool(this.mask, this.points, painted, this.brush);
  }

  end() {
    this.mask.commit();
  }

  cancel() {
    this.mask.revert();
  }
}
