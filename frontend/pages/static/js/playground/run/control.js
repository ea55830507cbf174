// Run and Stop, and the runs of this visit.

import { askToSignIn } from "../../common/account.js";
import { caller } from "../../common/caller.js";
import { byId } from "../../common/dom.js";
import { complain, guarded, say } from "../../common/notices.js";
import { RunView } from "../results/run_view.js";
import { readRequest } from "./form.js";
import { Run } from "./run.js";

/** @typedef {import("../easel.js").Easel} Easel @typedef {import("../results/run_view.js").Uses} Uses */

/** @type {Record<Run["state"], string>} */
const ENDS = { running: "", done: "Done.", stopped: "Stopped.", failed: "It failed." };

/** @param {Easel} easel @param {Uses} uses what can be done with a result */
export function installRunning(easel, uses) {
  /** @type {Run | null} */
  let current = null;
  const start = guarded(async () => {
    if (current) return;
    if (!caller.isKnown) return askToSignIn();
    current = new Run(await readRequest(easel));
    show(current, uses);
    await carryOut(current);
    current = null;
  });
  byId("request", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void start();
  });
  byId("stop", HTMLButtonElement).addEventListener("click", () => current?.stop());
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void start();
  });
}

async function carryOut(/** @type {Run} */ run) {
  toggle(true);
  await run.start();
  toggle(false);
  say(ENDS[run.state]);
  if (run.problem) complain(run.problem);
}

function toggle(/** @type {boolean} */ isRunning) {
  const [run, stop] = [byId("run", HTMLButtonElement), byId("stop", HTMLButtonElement)];
  const hadFocus = document.activeElement === run || document.activeElement === stop;
  run.hidden = isRunning;
  stop.hidden = !isRunning;
  if (hadFocus) (isRunning ? stop : run).focus();
}

/** The newest comes first. */
function show(/** @type {Run} */ run, /** @type {Uses} */ uses) {
  const { element } = new RunView(run, uses);
  byId("no-results", HTMLElement).hidden = true;
  byId("runs", HTMLElement).prepend(element);
  element.scrollIntoView({ block: "nearest", behavior: "smooth" });
}
