// Half-open rectangles of whole pixels: `right` and `bottom` lie just outside.

/** @typedef {{left: number, top: number, right: number, bottom: number}} Rect */

/** @type {Readonly<Rect>} */
export const NOTHING = Object.freeze({ left: 0, top: 0, right: 0, bottom: 0 });

/** @param {Rect} rect */
export const isEmpty = (rect) => rect.right <= rect.left || rect.bottom <= rect.top;

/** @param {number} side @returns {Rect} */
export const whole = (side) => ({ left: 0, top: 0, right: side, bottom: side });

/** The smallest rectangle around both. @param {Rect} a @param {Rect} b @returns {Rect} */
export function union(a, b) {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/**
 * The pixels of a square of `side` that points with a margin around them may touch.
 * @param {{x: number, y: number}[]} points @param {number} margin @param {number} side
 * @returns {Rect}
 */
export function around(points, margin, side) {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs) - margin)),
    top: Math.max(0, Math.floor(Math.min(...ys) - margin)),
    right: Math.min(side, Math.ceil(Math.max(...xs) + margin) + 1),
    bottom: Math.min(side, Math.ceil(Math.max(...ys) + margin) + 1),
  };
}
