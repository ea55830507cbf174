// The wheel over the stage: zooms; with Shift or Alt it changes the brush.

/** @typedef {import("./viewport.js").Viewport} Viewport */

const ZOOM_PER_PIXEL = 0.0015;
const PINCH_PER_PIXEL = 0.01; // a trackpad's pinch arrives as small turns with Ctrl
const PIXELS_PER_LINE = 16;

/**
 * @param {HTMLElement} stage @param {Viewport} viewport
 * @param {(steps: number) => void} resize called with 1 to enlarge the brush, -1 to shrink it
 */
export function listenToWheel(stage, viewport, resize) {
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
      const turn = (event.deltaY || event.deltaX) * (lines ? PIXELS_PER_LINE : 1);
      if (event.shiftKey || event.altKey) resize(-Math.sign(turn));
      else viewport.zoom(Math.exp(-turn * (event.ctrlKey ? PINCH_PER_PIXEL : ZOOM_PER_PIXEL)), event);
    },
    { passive: false },
  );
}
