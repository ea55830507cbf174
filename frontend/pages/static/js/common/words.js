// Times and numbers in words.

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
/** @type {[number, Intl.RelativeTimeFormatUnit][]} */
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"]];

/** @param {number | null} unixSeconds */
export const moment = (unixSeconds) => (unixSeconds === null ? "never" : MOMENT.format(unixSeconds * 1000));

/** The day in UTC. @param {number | null} unixSeconds */
export const day = (unixSeconds) => (unixSeconds === null ? "never" : DAY.format(unixSeconds * 1000));

/** How long ago, such as "3 minutes ago". @param {number | null} unixSeconds */
export function ago(unixSeconds) {
  if (unixSeconds === null) return "never";
  const seconds = Date.now() / 1000 - unixSeconds;
  const unit = UNITS.find(([length]) => seconds >= length);
  return unit ? RELATIVE.format(-Math.floor(seconds / unit[0]), unit[1]) : "just now";
}

/** @param {number | null} value */
export const seconds = (value) => (value === null ? "–" : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`);
