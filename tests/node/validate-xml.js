// Validates the XML document on stdin against an XML Schema: node validate-xml.js SCHEMA.xsd
// Exit code 0 if it is valid, 1 with the errors on stderr if it is not.

const { readFileSync } = require("node:fs");
const { validateXML } = require("xmllint-wasm");

async function main() {
  const schema = readFileSync(process.argv[2], "utf8");
  const contents = readFileSync(0, "utf8");
  const { valid, rawOutput } = await validateXML({ xml: [{ fileName: "stdin.xml", contents }], schema: [schema] });
  if (!valid) {
    console.error(rawOutput);
    process.exitCode = 1;
  }
}

main();
