/** Fields that the official client knows; it takes the others as `extra_body`. */
const KNOWN = ["prompt", "model", "n", "size", "quality", "output_format", "output_compression"];
const NUMBERS = ["n", "output_compression"];

/** A program that makes the same request. @param {Record<string, string>} fields @param {string} server address */
export function asPython(fields, server) {
  const extra = Object.entries(fields).filter(([name]) => !KNOWN.includes(name));
  const known = Object.entries(fields).filter(([name]) => KNOWN.includes(name));
  const literal = (/** @type {[string, string]} */ [name, value]) =>
    NUMBERS.includes(name) ? value : JSON.stringify(value);
  return [
    "import os",
    "from base64 import b64decode",
    "from pathlib import Path",
    "",
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url="${server}/v1", api_key=os.environ["RETOUCH_KEY"])`,
    "answer = client.images.edit(",
    '    image=open("image.png", "rb"),',
    '    mask=open("mask.png", "rb"),',
    ...known.map((entry) => `    ${entry[0]}=${literal(entry)},`),
    '    response_format="b64_json",',
    ...(extra.length ? ["    extra_body={", ...extra.map(([name, value]) => `        "${name}": ${JSON.stringify(value)},`), "    },"] : []),
    ")",
    "for index, picture in enumerate(answer.data):",
    `    Path(f"edit-{index}.${fields.output_format ?? "png"}").write_bytes(b64decode(picture.b64_json))`,
  ].join("\n");
}
