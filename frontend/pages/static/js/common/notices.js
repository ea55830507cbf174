// Problems at the foot of the page, until they are dismissed or enough time has passed.

import { byId, make } from "./dom.js";
import { asProblem } from "./problem.js";

const SHOWN_MILLISECONDS = 15_000;

/** @param {unknown} error */
export function complain(error) {
  const { message, advice } = asProblem(error);
  const notice = make(
    "div",
    { className: "notice" },
    make("p", {}, make("strong", {}, message), advice),
    make("button", { type: "button", className: "quiet small", on: { click: () => notice.remove() } }, "Dismiss"),
  );
  byId("notices", HTMLElement).replaceChildren(notice);
  setTimeout(() => notice.remove(), SHOWN_MILLISECONDS);
}

/** Tell those who cannot see the page. @param {string} words */
export function say(words) {
  byId("spoken", HTMLElement).textContent = words;
}

/** A listener that complains instead of failing. @param {(event: any) => unknown} listener */
export function guarded(listener) {
  return async (/** @type {Event} */ event) => {
    try {
      await listener(event);
    } catch (error) {
      complain(error);
    }
  };
}
