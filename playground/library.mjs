/** The library as WebAssembly: requests and answers are JSON. It has no imports: it can compute, and nothing else. */
export class Library {
  #module;
  #exports;

  constructor(module, exports) {
    this.#module = module;
    this.#exports = exports;
  }

  /** Loads it from its bytes. */
  static async of(bytes) {
    const { module, instance } = await WebAssembly.instantiate(bytes, {});
    return new Library(module, instance.exports);
  }

  /** Answers a request. What cannot be answered has an `error`. */
  answer(request) {
    return JSON.parse(this.answerText(JSON.stringify(request)));
  }

  /** Answers a request in JSON with JSON. */
  answerText(request) {
    try {
      return this.#exchange(new TextEncoder().encode(request));
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      // A fault leaves the memory as it was in the middle of the work: the next request gets a new one.
      this.#exports = new WebAssembly.Instance(this.#module, {}).exports;
      return JSON.stringify({ error: `the checker failed: ${error.message}` });
    }
  }

  #exchange(request) {
    const { begin, push, answer, word } = this.#exports;
    begin();
    for (let at = 0; at < request.length; at += 4) {
      const rest = Math.min(4, request.length - at);
      let bytes = 0;
      for (let own = rest - 1; own >= 0; own -= 1) bytes = (bytes << 8) | request[at + own];
      push(bytes, rest);
    }
    const length = answer() >>> 0;
    const text = new DataView(new ArrayBuffer(Math.ceil(length / 4) * 4));
    for (let at = 0; at < length; at += 4) text.setUint32(at, word(at / 4), true);
    return new TextDecoder().decode(new Uint8Array(text.buffer, 0, length));
  }
}
