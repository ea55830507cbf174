// Drives the `openai` package beside it: a JSON line in, a JSON line out.
import OpenAI, { toFile } from "openai";
import { createInterface } from "node:readline";

const upload = ({ data, name, type }) => {
  const bytes = Buffer.from(data, "base64");
  return toFile(bytes, name ?? undefined, type ? { type } : undefined);
};

const uploads = async (files) => {
  const entries = Object.entries(files).map(async ([name, file]) => [
    name,
    await (Array.isArray(file) ? Promise.all(file.map(upload)) : upload(file)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
};

const edit = async (client, { files, fields, stream, headers }) => {
  const body = { ...(await uploads(files)), ...fields, ...(stream ? { stream } : {}) };
  if (stream) {
    const value = [];
    for await (const event of await client.images.edit(body, { headers })) value.push(event);
    return { value };
  }
  const { data, response } = await client.images.edit(body, { headers }).withResponse();
  return { headers: Object.fromEntries(response.headers), value: { ...data } };
};

const perform = async (call) => {
  const { base_url: baseURL, api_key: apiKey, max_retries: maxRetries, timeout } = call.settings;
  // The client for Python counts seconds, this one milliseconds.
  const milliseconds = timeout === undefined ? undefined : timeout * 1000;
  const client = new OpenAI({ baseURL, apiKey, maxRetries, timeout: milliseconds });
  if (call.call === "edit") return edit(client, call);
  if (call.call === "models") return { value: (await client.models.list()).data };
  return { value: await client.models.retrieve(call.id) };
};

const described = (error) => ({
  kind: error.constructor.name,
  status: error.status ?? null,
  message: error.error?.message ?? error.message,
  type: error.type ?? null,
  param: error.param ?? null,
  code: error.code ?? null,
  request_id: error.requestID ?? null,
});

for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  const outcome = await perform(JSON.parse(line)).catch((error) => ({ error: described(error) }));
  outcome.seconds = (performance.now() - started) / 1000;
  process.stdout.write(JSON.stringify(outcome) + "\n");
}
