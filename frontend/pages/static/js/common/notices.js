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

/**
 * The same function, but one that complains instead of failing.
 * @template {unknown[]} A @param {(...args: A) => unknown} work
 */
export function guarded(work) {
  return async (/** @type {A} */ ...args) => {
    try {
      await work(...args);
    } catch (error) {
      complain(error);
    }
  };
}
