// Pictures of each key or user, as bars. The table below holds the same numbers.

import { svg } from "./svg.js";

const WIDTH = 960;
const ROW = 26;
const MOST_BARS = 12;
const LABEL = 220;
const VALUE = 70;
const LONGEST_LABEL = 30;

/** @param {{label: string, value: number}[]} bars the largest first */
export function barChart(bars) {
  const shown = bars.slice(0, MOST_BARS);
  const most = Math.max(1, ...shown.map(({ value }) => value));
  const room = WIDTH - LABEL - VALUE;
  const rows = shown.map(({ label, value }, i) => {
    const y = i * ROW;
    const length = (value / most) * room;
    return svg(
      "g",
      {},
      svg("text", { x: LABEL - 10, y: y + 17, "text-anchor": "end" }, shortened(label)),
      svg("rect", { class: "track", x: LABEL, y: y + 5, width: room, height: ROW - 10, rx: 3 }),
      svg("rect", { x: LABEL, y: y + 5, width: length, height: ROW - 10, rx: 3 }, svg("title", {}, `${label}: ${value} pictures`)),
      svg("text", { x: WIDTH - VALUE + 10, y: y + 17 }, `${value}`),
    );
  });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${Math.max(1, shown.length) * ROW}`, role: "img", "aria-label": "Pictures, the most first" }, ...rows);
}

const shortened = (/** @type {string} */ label) =>
  label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
