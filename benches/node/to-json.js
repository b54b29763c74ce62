// Writes a tree of YAML files as JSON: node to-json.js FROM TO
const fs = require("fs");
const path = require("path");
const { parse } = require("yaml");

const [from, to] = process.argv.slice(2);
for (const file of fs.readdirSync(from, { recursive: true })) {
  if (path.extname(file) !== ".yml") continue;
  const target = path.join(to, file.replace(/\.yml$/, ".json"));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, JSON.stringify(parse(fs.readFileSync(path.join(from, file), "utf8"))));
}
