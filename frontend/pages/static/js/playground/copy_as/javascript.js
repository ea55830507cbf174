/** A module for Node that makes the same request. @param {Record<string, string>} fields @param {string} server address */
export function asJavaScript(fields, server) {
  const all = { ...fields, response_format: "b64_json" };
  return [
    'import { openAsBlob } from "node:fs";',
    'import { writeFile } from "node:fs/promises";',
    "",
    "const form = new FormData();",
    'form.set("image", await openAsBlob("image.png", { type: "image/png" }), "image.png");',
    'form.set("mask", await openAsBlob("mask.png", { type: "image/png" }), "mask.png");',
    ...Object.entries(all).map(([name, value]) => `form.set("${name}", ${JSON.stringify(value)});`),
    "",
    `const answer = await fetch("${server}/v1/images/edits", {`,
    '  method: "POST",',
    "  headers: { Authorization: `Bearer ${process.env.RETOUCH_KEY}` },",
    "  body: form,",
    "});",
    "if (!answer.ok) throw new Error(await answer.text());",
    "const { data } = await answer.json();",
    "for (const [index, picture] of data.entries()) {",
    `  await writeFile(\`edit-\${index}.${fields.output_format ?? "png"}\`, picture.b64_json, "base64");`,
    "}",
  ].join("\n");
}
