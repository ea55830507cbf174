// Server-sent events out of a response; EventSource itself can only GET.
// The format: https://html.spec.whatwg.org/multipage/server-sent-events.html

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<any, void>} the JSON of each event's data
 */
export async function* eventsIn(body) {
  let text = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split(/\r?\n\r?\n/);
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = dataOf(block);
      if (data) yield JSON.parse(data);
    }
  }
}

/** Lines that begin with a colon are keep-alives. */
function dataOf(/** @type {string} */ block) {
  const lines = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
}
