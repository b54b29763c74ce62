// Which program is started, case by case.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

const { findProgram, NoProgramError } = createRequire(import.meta.url)("../dist/test/program.js");

const around = (programs, given = {}) => ({
  setting: "",
  isTrusted: true,
  folders: ["/work", "/other"],
  pathVariable: ["/usr/bin", "/opt/bin"].join(path.delimiter),
  home: "/home/ada",
  extension: "/ext",
  isWindows: false,
  isProgram: (own) => programs.includes(own),
  ...given,
});
const found = (programs, given) => findProgram(around(programs, given));
const all = [
  "/set/mlspec-lint",
  "/work/.venv/bin/mlspec-lint",
  "/work/venv/bin/mlspec-lint",
  "/other/.venv/bin/mlspec-lint",
  "/opt/bin/mlspec-lint",
  "/ext/bundled/bin/mlspec-lint",
];

test("the setting, the environment, PATH and the extension are asked in this order", () => {
  assert.deepEqual(found(all, { setting: "/set/mlspec-lint" }), { path: all[0], origin: "the setting" });
  for (const [at, origin] of ["the virtual environment", "the virtual environment", "the virtual environment", "PATH", "the extension"].entries()) {
    assert.deepEqual(found(all.slice(at + 1)), { path: all[at + 1], origin });
  }
  assert.throws(() => found([]), NoProgramError);
});

test("a setting that names nothing is an error, and not a reason to take another program", () => {
  assert.throws(() => found(all, { setting: "/set/absent" }), /names \/set\/absent/);
});

test("a setting may begin in the home or in the first folder", () => {
  assert.equal(found(["/home/ada/bin/m"], { setting: "~/bin/m" }).path, "/home/ada/bin/m");
  assert.equal(found(["/work/tools/m"], { setting: "tools/m" }).path, "/work/tools/m");
  assert.equal(found(["/work/~other/m"], { setting: "~other/m" }).path, "/work/~other/m");
});

test("nothing of a workspace that is not trusted is started, however it comes to be on PATH", () => {
  const pathVariable = [".", "bin", "", "/work/node_modules/.bin", "/other", "/otherwise/bin"].join(path.delimiter);
  const own = ["/work/.venv/bin/mlspec-lint", "mlspec-lint", "bin/mlspec-lint", "/work/node_modules/.bin/mlspec-lint", "/other/mlspec-lint"];
  assert.throws(() => found(own, { pathVariable, isTrusted: false }), NoProgramError);
  assert.equal(found([...own, "/otherwise/bin/mlspec-lint"], { pathVariable, isTrusted: false }).path, "/otherwise/bin/mlspec-lint");
  // A relative folder on PATH is none in a trusted one, either: which it is depends on where the editor was started.
  assert.throws(() => found(["mlspec-lint", "bin/mlspec-lint"], { pathVariable }), NoProgramError);
});

test("on Windows, the program has its extension", () => {
  const program = path.join("/work", ".venv", "Scripts", "mlspec-lint.exe");
  assert.equal(found([program], { isWindows: true }).path, program);
});
