// Writes PNG files (https://www.w3.org/TR/png-3/). A canvas can't: it multiplies colours by alpha,
// and so forgets the colours of transparent pixels.

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const COLOUR = 2;
const COLOUR_WITH_ALPHA = 6;
const UP = 2; // the filter: each byte less the one above

/**
 * Encode 8-bit RGBA, not premultiplied; without an alpha channel where all is opaque.
 * @param {Uint8ClampedArray | Uint8Array} rgba @param {number} width @param {number} height
 * @returns {Promise<Blob>}
 */
export async function encodePng(rgba, width, height) {
  const channels = isOpaque(rgba) ? 3 : 4;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits
  header.setUint8(9, channels === 3 ? COLOUR : COLOUR_WITH_ALPHA);
  const pixels = await deflate(filtered(rgba, width, height, channels));
  const parts = [
    SIGNATURE,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", pixels),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Blob(parts, { type: "image/png" });
}

function isOpaque(/** @type {Uint8ClampedArray | Uint8Array} */ rgba) {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/** Rows of pixels, each after the number of its filter. */
function filtered(
  /** @type {Uint8ClampedArray | Uint8Array} */ rgba,
  /** @type {number} */ width,
  /** @type {number} */ height,
  /** @type {number} */ channels,
) {
  const rows = new Uint8Array(height * (1 + width * channels));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = UP;
    for (let i = y * width * 4; i < (y + 1) * width * 4; i += 4) {
      for (let c = 0; c < channels; c++) rows[at++] = rgba[i + c] - (y ? rgba[i + c - width * 4] : 0);
    }
  }
  return rows;
}

async function deflate(/** @type {Uint8Array<ArrayBuffer>} */ bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(/** @type {string} */ type, /** @type {Uint8Array} */ data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(/** @type {Uint8Array} */ bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
