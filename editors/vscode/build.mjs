// Bundles the extension into one file, and beside it the licences of what is in it, and, for the tests, what they look at alone.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const common = { bundle: true, platform: "node", format: "cjs", target: "node20", external: ["vscode"], logLevel: "warning" };

const { metafile } = await build({ ...common, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", minify: true, metafile: true });
await build({ ...common, entryPoints: ["src/program.ts"], outfile: "dist/test/program.js" });

const ofPackage = /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/;
const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => ofPackage.exec(file)?.[0] ?? []));
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((own) => /^licen[cs]e/i.test(own));
  if (file === undefined) throw new Error(`${name} comes without its licence`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), "utf8").trim()}\n`;
});
writeFileSync("dist/third-party-licences.txt", licences.join(`\n${"-".repeat(80)}\n\n`));
