// Pictures of each key or user, as bars. The table below holds the same numbers.

import { svg } from "./svg.js";

const ROW = 26;
const MOST_BARS = 12;
const LABEL_SHARE = 0.3;
const VALUE = 70;
const CHARACTER = 7; // pixels, about

/** @param {{label: string, value: number}[]} bars the largest first @param {number} width in CSS pixels */
export function barChart(bars, width) {
  const shown = bars.slice(0, MOST_BARS);
  const most = Math.max(1, ...shown.map(({ value }) => value));
  const start = Math.round(width * LABEL_SHARE);
  const room = width - start - VALUE;
  const rows = shown.map(({ label, value }, i) => {
    const y = i * ROW;
    const length = (value / most) * room;
    return svg(
      "g",
      {},
      svg("text", { x: start - 10, y: y + 17, "text-anchor": "end" }, shortened(label, start / CHARACTER)),
      svg("rect", { class: "track", x: start, y: y + 5, width: room, height: ROW - 10, rx: 3 }),
      svg("rect", { x: start, y: y + 5, width: length, height: ROW - 10, rx: 3 }, svg("title", {}, `${label}: ${value} pictures`)),
      svg("text", { x: width - VALUE + 10, y: y + 17 }, `${value}`),
    );
  });
  return svg("svg", { viewBox: `0 0 ${width} ${Math.max(1, shown.length) * ROW}`, role: "img", "aria-label": "Pictures, the most first" }, ...rows);
}

const shortened = (/** @type {string} */ label, /** @type {number} */ most) =>
  label.length > most ? `${label.slice(0, most - 2)}…` : label;
