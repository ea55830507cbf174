// Reading the server's answers. Addresses are relative to the page's: it may lie below any path of a
// proxy.

import { problemOf } from "./problem.js";

/**
 * The JSON of an answer.
 * @param {Response} answer @returns {Promise<any>}
 * @throws {import("./problem.js").Problem} if the server refused
 */
export async function readAnswer(answer) {
  await requireOk(answer);
  return answer.status === 204 ? null : answer.json();
}

/** @param {Response} answer */
export async function requireOk(answer) {
  if (answer.ok) return;
  const body = await answer.json().catch(() => null);
  const error = body?.error ?? { message: `The server answered with status ${answer.status}.`, code: null, param: null };
  throw problemOf(answer.status, error, answer.headers.get("Retry-After"));
}
