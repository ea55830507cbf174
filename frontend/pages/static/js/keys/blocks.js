// Users who may not edit.

import { ask } from "../common/admin.js";
import { byId, make } from "../common/dom.js";
import { guarded, say } from "../common/notices.js";
import { ago } from "../common/words.js";

/** @typedef {{end_user: string, reason: string | null, blocked_at: number}} Block */

export async function loadBlocks() {
  /** @type {{data: Block[]}} */
  const { data } = await ask("/blocked-users");
  byId("blocked", HTMLElement).replaceChildren(...data.map(entry));
}

export function installBlocks() {
  const form = byId("block-form", HTMLFormElement);
  form.addEventListener("submit", guarded(async (/** @type {Event} */ event) => {
    event.preventDefault();
    const data = new FormData(form);
    await block(String(data.get("end_user")), String(data.get("reason")) || null);
    form.reset();
    await loadBlocks();
  }));
}

/** @param {string} user @param {string | null} reason */
export async function block(user, reason) {
  await ask("/blocked-users", "POST", { end_user: user, reason });
  say(`${user} is blocked.`);
}

function entry(/** @type {Block} */ { end_user, reason, blocked_at }) {
  const click = guarded(async () => {
    await ask(`/blocked-users?end_user=${encodeURIComponent(end_user)}`, "DELETE");
    say(`${end_user} may edit again.`);
    await loadBlocks();
  });
  return make(
    "li",
    {},
    make("strong", {}, end_user),
    make("span", { className: "faint" }, [ago(blocked_at), reason].filter(Boolean).join(", ")),
    make("button", { type: "button", className: "quiet small", aria: { label: `Unblock ${end_user}` }, on: { click } }, "Unblock"),
  );
}
