/** Texts in a link: deflated, behind the `#`, which browsers send to nobody. */

/** The longest text of a link, in bytes: a link may be anybody's. */
const LONGEST = 1 << 20;

/** Returns the fragment of a link that carries a request. */
export async function linkOf(request) {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(request)), new CompressionStream("deflate-raw"));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `#${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** Returns the request that a fragment carries, or nothing if it is empty. Throws an error if it is damaged. */
export async function textOf(fragment) {
  const carried = fragment.replace(/^#/, "");
  if (carried === "") return undefined;
  const packed = Uint8Array.from(atob(carried.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const request = JSON.parse(new TextDecoder().decode(await through(packed, new DecompressionStream("deflate-raw"))));
  const isText = (file) => typeof file?.text === "string";
  if (!Array.isArray(request?.files) || !request.files.every(isText)) throw new Error("this is no link of the playground");
  return request;
}

async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > LONGEST) throw new Error("the text is too long for a link");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
