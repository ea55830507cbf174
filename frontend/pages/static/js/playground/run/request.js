// One edit, as it is sent and as it can be repeated.

/** @typedef {Readonly<Record<string, string>>} Fields of the form, but for its files */

/** Asks for previews, progress and the place in the queue. @type {Fields} */
const WATCHED = { stream: "true", partial_images: "3", progress: "true" };

export class EditRequest {
  /** @param {Fields} fields @param {Blob} image @param {Blob} mask @param {string} name of the picture */
  constructor(fields, image, mask, name) {
    this.fields = fields;
    this.image = image;
    this.mask = mask;
    this.name = name;
  }

  get count() {
    return Number(this.fields.n ?? 1);
  }

  /** The same request, but with the seed that was used. @param {string} seed */
  withSeed(seed) {
    return new EditRequest({ ...this.fields, seed }, this.image, this.mask, this.name);
  }

  /** The body of a request that is watched while it is served. */
  body() {
    const form = new FormData();
    form.set("image", this.image, "image.png");
    form.set("mask", this.mask, "mask.png");
    for (const [name, value] of Object.entries({ ...this.fields, ...WATCHED })) form.set(name, value);
    return form;
  }
}
