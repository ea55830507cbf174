// Pictures of each day, as columns. The table below holds the same numbers.

import { svg } from "./svg.js";

/** @typedef {import("./usage.js").Line} Line */

const HEIGHT = 160;
const FOOT = 22;
const DAY_MILLISECONDS = 86_400_000;

/**
 * @param {Line[]} lines by day, in UTC @param {number} days how many to show, today the last
 * @param {number} width in CSS pixels
 */
export function columnChart(lines, days, width) {
  const images = new Map(lines.map(({ group, images }) => [group, images]));
  const dates = Array.from({ length: days }, (_, i) => dateBefore(days - 1 - i));
  const most = Math.max(1, ...images.values());
  const step = width / days;
  const columns = dates.map((date, i) => {
    const count = images.get(date) ?? 0;
    const height = (count / most) * (HEIGHT - 20);
    const box = { x: i * step + step * 0.12, y: HEIGHT - height, width: step * 0.76, height, rx: 2 };
    return svg("rect", box, svg("title", {}, `${date}: ${count} pictures`));
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT + FOOT}`, role: "img", "aria-label": `Pictures a day, at most ${most}` },
    svg("line", { x1: 0, y1: HEIGHT, x2: width, y2: HEIGHT }),
    ...columns,
    svg("text", { x: 0, y: 12 }, `${most}`),
    svg("text", { x: 0, y: HEIGHT + 16 }, dates[0]),
    svg("text", { x: width, y: HEIGHT + 16, "text-anchor": "end" }, "today"),
  );
}

const dateBefore = (/** @type {number} */ days) =>
  new Date(Date.now() - days * DAY_MILLISECONDS).toISOString().slice(0, 10);
