// What the chunks of a PNG file say before its pixels.

/** @typedef {{width: number, height: number, chunks: string[]}} PngHeader */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/** @param {Blob} file @returns {Promise<PngHeader | null>} null if it is no PNG */
export async function readPngHeader(file) {
  const bytes = new DataView(await file.arrayBuffer());
  if (bytes.byteLength < 33 || SIGNATURE.some((byte, i) => bytes.getUint8(i) !== byte)) return null;
  const chunks = [];
  for (let at = 8; at + 8 <= bytes.byteLength; at += 12 + bytes.getUint32(at)) {
    chunks.push(String.fromCharCode(...new Uint8Array(bytes.buffer, at + 4, 4)));
  }
  return { width: bytes.getUint32(16), height: bytes.getUint32(20), chunks };
}
