// The button in the header that signs in and out, and its dialog.

import { caller } from "./caller.js";
import { byId, make } from "./dom.js";
import { guarded } from "./notices.js";
import { asProblem } from "./problem.js";

/** @param {string} label what is asked for */
export async function installAccount(label) {
  const button = byId("account", HTMLButtonElement);
  const dialog = signInDialog(label);
  document.body.append(dialog);
  const show = () => (button.textContent = caller.isKnown ? "Sign out" : "Sign in");
  caller.addEventListener("change", show);
  button.addEventListener("click", guarded(() => (caller.isKnown ? caller.signOut() : dialog.showModal())));
  const arrive = guarded(() => caller.arrive());
  addEventListener("hashchange", arrive); // a link that is opened where the page already is
  await arrive();
  show();
}

export function askToSignIn() {
  byId("sign-in", HTMLDialogElement).showModal();
}

function signInDialog(/** @type {string} */ label) {
  const input = make("input", { type: "password", name: "secret", autocomplete: "off", required: true, spellcheck: false });
  const refusal = make("p", { className: "refusal" });
  refusal.setAttribute("role", "alert");
  const dialog = make("dialog", { id: "sign-in", aria: { labelledby: "sign-in-title" } });
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", { id: "sign-in-title" }, "Sign in"),
    make("label", { className: "field" }, make("span", {}, label), input),
    refusal,
    make("p", { className: "faint" }, "Lost it? On the server, ", make("code", {}, "retouch admin link"), " prints a link that signs you in."),
    make(
      "div",
      { className: "row" },
      make("span", { className: "spring" }),
      make("button", { type: "button", className: "quiet", on: { click: () => dialog.close() } }, "Cancel"),
      make("button", { className: "primary" }, "Sign in"),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await caller.signIn(input.value.trim());
      input.value = refusal.textContent = "";
      dialog.close();
    } catch (error) {
      const { message, advice } = asProblem(error);
      refusal.textContent = `${message} ${advice}`;
      input.select();
    }
  });
  dialog.append(form);
  return dialog;
}
