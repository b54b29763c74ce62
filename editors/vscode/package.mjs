// Packages the extension: node package.mjs [--target TARGET --binary FILE] [--out FILE]
//
// With a target, such as linux-x64, the program for it is in the package. Without one, the program comes from the machine.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { target: { type: "string" }, binary: { type: "string" }, out: { type: "string" } } });
if ((values.target === undefined) !== (values.binary === undefined)) {
  console.error("package.mjs: --target and --binary belong together");
  process.exit(2);
}
// The shell is in the folder of the caller, and everything else here.
const from = process.cwd();
process.chdir(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
rmSync("bundled", { recursive: true, force: true });
copyFileSync("../../LICENSE", "LICENSE");
execFileSync(process.execPath, ["build.mjs"], { stdio: "inherit" });
const options = ["package", "--no-dependencies"];
if (values.target !== undefined && values.binary !== undefined) {
  const program = path.join("bundled", "bin", values.target.startsWith("win32") ? "mlspec-lint.exe" : "mlspec-lint");
  mkdirSync(path.dirname(program), { recursive: true });
  copyFileSync(path.resolve(from, values.binary), program);
  chmodSync(program, 0o755);
  options.push("--target", values.target);
}
if (values.out !== undefined) options.push("--out", path.resolve(from, values.out));
execFileSync(process.execPath, ["node_modules/@vscode/vsce/vsce", ...options], { stdio: "inherit" });
