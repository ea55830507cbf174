// Who this page calls the server as: a signed-in administrator, or the holder of an API key.

import { readAnswer } from "./api.js";

const KEY = "retouch-key"; // in sessionStorage: gone with the tab
const LINK = "#sign-in=";
const SESSION = "admin/api/session";
/** No form and no other site can send it; the server takes a session's cookie only with it. */
const PAGE_HEADER = { "Retouch-Page": "1" };

class Caller extends EventTarget {
  #signedIn = false;

  get isSignedIn() {
    return this.#signedIn;
  }

  get isKnown() {
    return this.#signedIn || this.#key !== null;
  }

  get #key() {
    return sessionStorage.getItem(KEY);
  }

  /** The headers of a request. @returns {Record<string, string>} */
  get headers() {
    return this.#key === null ? PAGE_HEADER : { Authorization: `Bearer ${this.#key}` };
  }

  /** Find out who is here; use the link that the terminal printed, if this is its page. */
  async arrive() {
    if (!location.hash.startsWith(LINK)) return this.#look();
    const link = location.hash.slice(LINK.length);
    history.replaceState(null, "", location.pathname); // it works once: no bookmark of it
    try {
      await this.#open({ link });
    } catch (error) {
      await this.#look();
      if (!this.#signedIn) throw error; // a spent link does no harm to who is signed in
    }
  }

  async #look() {
    const answer = await fetch(SESSION, { headers: PAGE_HEADER });
    this.#set((await readAnswer(answer)).signed_in);
  }

  /** @param {string} secret the administrator's secret, or an API key */
  async signIn(secret) {
    if (!secret.startsWith("sk-")) return this.#open({ secret });
    await readAnswer(await fetch("v1/models", { headers: { Authorization: `Bearer ${secret}` } }));
    sessionStorage.setItem(KEY, secret);
    this.#set(this.#signedIn);
  }

  async signOut() {
    sessionStorage.removeItem(KEY);
    if (this.#signedIn) await fetch(SESSION, { method: "DELETE", headers: PAGE_HEADER });
    this.#set(false);
  }

  async #open(/** @type {{secret: string} | {link: string}} */ proof) {
    const headers = { ...PAGE_HEADER, "Content-Type": "application/json" };
    await readAnswer(await fetch(SESSION, { method: "POST", headers, body: JSON.stringify(proof) }));
    sessionStorage.removeItem(KEY);
    this.#set(true);
  }

  #set(/** @type {boolean} */ signedIn) {
    this.#signedIn = signedIn;
    this.dispatchEvent(new Event("change"));
  }
}

export const caller = new Caller();
