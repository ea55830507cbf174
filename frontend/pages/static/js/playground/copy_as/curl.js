/**
 * A command that makes the same request.
 * @param {Record<string, string>} fields @param {string} server address
 */
export function asCurl(fields, server) {
  const words = [
    `curl ${server}/v1/images/edits`,
    '-H "Authorization: Bearer $RETOUCH_KEY"',
    "-F image=@image.png -F mask=@mask.png",
    // Not -F, which would read a value that begins with @ or < from a file.
    ...Object.entries(fields).map(([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`),
  ];
  return words.join(" \\\n  ");
}

/** One word of a POSIX shell. */
function quoted(/** @type {string} */ text) {
  return /^[\w=.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
