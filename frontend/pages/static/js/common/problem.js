// What went wrong, in plain words, and what to do about it.

export class Problem extends Error {
  /**
   * @param {string} message what went wrong @param {string} [advice] what to do
   * @param {{status?: number, code?: string | null}} [answer] of the server, if it was one
   */
  constructor(message, advice = "", { status = 0, code = null } = {}) {
    super(message);
    this.advice = advice;
    this.status = status;
    this.code = code;
  }
}

/** @typedef {{message: string, code: string | null, param: string | null}} ApiError */

/** @type {Record<string, [string, string]>} error code -> what it means, what to do */
const BY_CODE = {
  invalid_api_key: ["The key is not valid.", "It may be mistyped, expired or revoked. Sign in again, or use another key."],
  invalid_admin_secret: ["This is not the admin secret.", "Try again, or let the server print a link that signs you in: retouch admin link."],
  spent_link: ["This link was used before, or its time is over.", "Let the server print another: retouch admin link."],
  not_signed_in: ["Your session has ended.", "Sign in again."],
  playground_key_revoked: ["The playground's own key was revoked.", "Use another API key: sign out, then enter it."],
  model_not_found: ["This model is not served any more.", "Choose another model."],
  server_is_overloaded: ["The server is busy.", "Wait a moment and try again."],
  service_unavailable: ["The models cannot be reached just now.", "They may be restarting. Try again in a few seconds."],
  model_failed: ["The model failed on this request.", "Try again; if it fails again, tell whoever runs this server."],
  invalid_mask_image_format: ["There is nothing to repaint.", "Paint over the part that should change."],
  request_too_large: ["The picture is too large.", "Crop it, or choose a smaller one."],
  insufficient_quota: ["This key's limit is used up.", "Ask for a higher limit, or use another key."],
};

/** @type {Record<number, [string, string]>} */
const BY_STATUS = {
  401: ["The server needs to know who you are.", "Sign in, or enter an API key."],
  403: ["This is not allowed.", "Ask whoever runs this server."],
};

/**
 * @param {number} status @param {ApiError} error the server's own words
 * @param {string | null} [retryAfter] seconds
 */
export function problemOf(status, error, retryAfter = null) {
  const known = error.code === null ? BY_STATUS[status] : BY_CODE[error.code];
  const answer = { status, code: error.code };
  if (status === 429) return waiting(error, retryAfter, answer);
  if (known) return new Problem(known[0], known[1], answer);
  // The server's messages about fields name the field and its limits.
  return new Problem(error.message, status < 500 ? "Change the request and try again." : "Try again.", answer);
}

function waiting(/** @type {ApiError} */ { message }, /** @type {string | null} */ seconds, /** @type {{status: number, code: string | null}} */ answer) {
  return new Problem(message, `Wait ${seconds ? `${seconds} seconds` : "a moment"} and try again.`, answer);
}

/** Whatever was thrown, as a problem. @param {unknown} error */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return new Problem("The server cannot be reached.", "Check that it is running, and try again.");
  }
  console.error(error);
  return new Problem("Something went wrong in this page.", "Reload it and try again.");
}
