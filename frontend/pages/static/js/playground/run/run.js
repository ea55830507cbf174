// One edit under way: how it stands, its previews, its finished pictures.

import { requireOk } from "../../common/api.js";
import { caller } from "../../common/caller.js";
import { asProblem, Problem, problemOf } from "../../common/problem.js";
import { eventsIn } from "./events.js";

/** @typedef {import("./request.js").EditRequest} EditRequest */
/** @typedef {{seed: string, step: number, steps: number, preview: Blob | null, file: Blob | null}} Image */
/** @typedef {{position: number, wait_seconds: number | null}} Place in the queue */

const EDITS = "v1/images/edits";
const SEEDS_HEADER = "retouch-seeds";

export class Run extends EventTarget {
  /** @param {EditRequest} request */
  constructor(request) {
    super();
    this.request = request;
    /** @type {"running" | "done" | "stopped" | "failed"} */
    this.state = "running";
    /** @type {Image[]} */
    this.images = Array.from({ length: request.count }, () => ({
      seed: "", step: 0, steps: 0, preview: null, file: null,
    }));
    /** @type {Place | null} */
    this.place = null;
    /** @type {Problem | null} */
    this.problem = null;
    this.leaving = new AbortController();
  }

  /** Carry it out; resolves when it has ended, however that was. */
  async start() {
    try {
      await this.#receive();
      this.state = "done";
    } catch (error) {
      this.problem = this.leaving.signal.aborted ? null : asProblem(error);
      this.state = this.problem ? "failed" : "stopped";
    }
    this.#changed();
  }

  /** Leave: the server notices, and the model stops after its present step. */
  stop() {
    this.leaving.abort();
  }

  async #receive() {
    const { signal } = this.leaving;
    const body = this.request.body();
    const answer = await fetch(EDITS, { method: "POST", headers: caller.headers, body, signal });
    await requireOk(answer);
    const seeds = answer.headers.get(SEEDS_HEADER)?.split(",") ?? [];
    seeds.forEach((seed, index) => (this.images[index].seed = seed));
    if (!answer.body) throw new Problem("The server's answer was empty.", "Try again.");
    for await (const event of eventsIn(answer.body)) this.#take(event);
    if (this.images.some(({ file }) => !file)) {
      throw new Problem("The server's answer broke off.", "Try again.");
    }
  }

  #take(/** @type {any} */ event) {
    if (event.error) throw problemOf(0, event.error);
    if (event.type === "retouch.queued") this.place = event;
    else this.#takeImage(event, this.images[event.image_index]);
    this.#changed();
  }

  #takeImage(/** @type {any} */ event, /** @type {Image} */ image) {
    this.place = null;
    if (event.type === "retouch.progress") [image.step, image.steps] = [event.step, event.steps];
    if (event.type === "image_edit.partial_image") image.preview = fileOf(event);
    if (event.type === "image_edit.completed") image.file = fileOf(event);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function fileOf(/** @type {{b64_json: string, output_format: string}} */ { b64_json, output_format }) {
  const bytes = Uint8Array.from(atob(b64_json), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: `image/${output_format}` });
}
