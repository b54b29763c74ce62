// Answers requests with the playground's WebAssembly: a request on each line of standard input, an answer on each line of the output.
//
//     node playground-answers.mjs mlspec-lint.wasm
import { readFileSync } from "node:fs";
import { Library } from "../../playground/library.mjs";

const library = await Library.of(readFileSync(process.argv[2]));
const requests = readFileSync(0, "utf8").split("\n").slice(0, -1);
console.log(requests.map((request) => library.answerText(request)).join("\n"));
