// The extension as it is bundled, with the real client of the protocol and the real server; only the editor is a stand-in. The program is
// the one that MLSPEC_LINT names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

const require = createRequire(import.meta.url);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const program = process.env.MLSPEC_LINT;
assert.ok(program, "MLSPEC_LINT names the program to test with");
const { vscode, said, user } = require("./vscode.cjs");
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("../dist/extension.js");
const manifest = require("../package.json");

const RUN = `mlSpecVersion: 0.1.0
kind: run
id: 3c4f0a52-7a60-4f0f-a8a9-8f3f7f0f3f11
name: fit
experiment_id: card-default
metrics:
  - {key: accuracy, value: '0.8'}
`;
const PIPELINE = `mlSpecVersion: 0.1.0
kind: pipeline
name: <script>alert(1)</script>
steps:
  train:
    cmd: python train.py
pipeline: [train]
`;

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "mlspec-lint-vscode-")));
const version = execFileSync(program, ["--version"], { encoding: "utf8" }).split(" ")[1].trim();
const until = async (what, isSo) => {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(said)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const subscriptions = [];

before(async () => {
  writeFileSync(path.join(folder, "run.yml"), RUN);
  writeFileSync(path.join(folder, "pipeline.yml"), PIPELINE);
  mkdirSync(path.join(folder, "venv", "bin"), { recursive: true });
  symlinkSync(program, path.join(folder, "venv", "bin", "mlspec-lint"));
  user.openFolders(folder);
  await extension.activate({ extensionPath: path.join(folder, "no-extension"), subscriptions });
});

after(async () => {
  await extension.deactivate();
  subscriptions.forEach((own) => own.dispose());
  rmSync(folder, { recursive: true });
});

test("the program of the virtual environment runs, and the status bar says so", () => {
  assert.deepEqual(said.errors, []);
  assert.equal(said.status.text, `mlspec-lint ${version}`);
  assert.equal(said.status.tooltip, `${path.join(folder, "venv/bin/mlspec-lint")}, from the virtual environment`);
});

test("findings are those of the command line", async () => {
  const opened = await user.open(path.join(folder, "run.yml"), "yaml", RUN);
  const found = () => vscode.languages.getDiagnostics(opened.uri);
  await until("no findings", () => found().length > 0);
  const stdout = execFileSync(program, ["check", "--exit-zero", "--format", "json", "run.yml"], { cwd: folder, encoding: "utf8" });
  const expected = JSON.parse(stdout).findings.map(({ rule, span }) => [rule, span.start.line - 1, span.start.column - 1]);
  assert.ok(expected.some(([rule]) => rule === "run/metric-value-mismatch"), stdout);
  const code = ({ code }) => code?.value ?? code;
  assert.deepEqual(found().map((own) => [code(own), own.range.start.line, own.range.start.character]), expected);
  assert.ok(found().every(({ source }) => source === "mlspec-lint"));
});

test("findings follow what is typed, also in a file that is not saved", async () => {
  const [opened] = vscode.workspace.textDocuments;
  const has = (rule) => vscode.languages.getDiagnostics(opened.uri).some(({ code }) => (code?.value ?? code) === rule);
  await user.type(opened, "'0.8'", "0.8");
  await until("still there", () => !has("run/metric-value-mismatch"));
  await user.type(opened, "0.8", "'0.8'");
  await until("not there again", () => has("run/metric-value-mismatch"));
});

test("the rule that is broken at the cursor is explained, another one when it is named, and one of the list where none is", async () => {
  const [opened] = vscode.workspace.textDocuments;
  const mismatch = vscode.languages.getDiagnostics(opened.uri).find(({ code }) => (code?.value ?? code) === "run/metric-value-mismatch");
  vscode.window.activeTextEditor.selection.active = mismatch.range.start;
  await vscode.commands.executeCommand("mlspec-lint.explainRule");
  assert.match(said.previews.at(-1).text, /^# run\/metric-value-mismatch/);
  await vscode.commands.executeCommand("mlspec-lint.explainRule", "naming/id-too-long");
  assert.match(said.previews.at(-1).text, /^# naming\/id-too-long/);
  vscode.window.activeTextEditor.selection.active = new vscode.Position(0, 0);
  vscode.window.activeTextEditor.document.uri.path += ".other";
  await vscode.commands.executeCommand("mlspec-lint.explainRule");
  vscode.window.activeTextEditor.document.uri.path = path.join(folder, "run.yml");
  const offered = said.picked.at(-1);
  assert.ok(offered.length > 200 && offered.every(({ label, detail }) => label.includes("/") && detail.length > 10));
  assert.ok(said.previews.at(-1).text.startsWith(`# ${offered[0].label}`));
  await vscode.commands.executeCommand("mlspec-lint.explainRule", "naming/absent");
  assert.match(said.errors.pop(), /unknown rule 'naming\/absent'/);
});

test("a graph is an image in a page without scripts, and a verdict a page", async () => {
  await user.open(path.join(folder, "pipeline.yml"), "yaml", PIPELINE);
  await vscode.commands.executeCommand("mlspec-lint.showGraph");
  assert.deepEqual(said.errors, []);
  const { options, webview } = said.panels.at(-1);
  assert.equal(options.enableScripts, false);
  assert.ok(!webview.html.includes("<script") && webview.html.includes("default-src 'none'"), webview.html);
  const image = Buffer.from(/base64,([^"]+)/.exec(webview.html)[1], "base64").toString();
  assert.match(image, /^<svg[^]*train/);
  await vscode.commands.executeCommand("mlspec-lint.judge");
  assert.match(said.errors.pop(), /objectives/);
  execFileSync(program, ["init", "--project", "churn"], { cwd: folder, stdio: "ignore" });
  const objectives = path.join(folder, "churn", "objectives.yml");
  await user.open(objectives, "yaml", readFileSync(objectives, "utf8"));
  await vscode.commands.executeCommand("mlspec-lint.judge");
  assert.deepEqual(said.errors, []);
  assert.match(said.previews.at(-1).text, /pass/);
  const refused = path.resolve(here, "../../../examples/gate/objectives.yml");
  await user.open(refused, "yaml", readFileSync(refused, "utf8"));
  await vscode.commands.executeCommand("mlspec-lint.judge");
  assert.match(said.errors.pop(), /^mlspec-lint: the evidence has an error; nothing was judged$/);
  assert.match(said.previews.at(-1).text, /split\/holdout-reused/);
});

test("restart starts another server, with the program that the setting names", async () => {
  const named = path.join(folder, "own-mlspec-lint");
  const calls = path.join(folder, "calls");
  writeFileSync(named, `#!/bin/sh\necho "$@" >>"${calls}"\nexec "${program}" "$@"\n`);
  chmodSync(named, 0o755);
  await user.set("path", "own-mlspec-lint");
  await until("another program", () => said.status.tooltip === `${named}, from the setting`);
  await vscode.commands.executeCommand("mlspec-lint.restart");
  assert.equal(readFileSync(calls, "utf8"), "server\nserver\n");
});

test("a setting that names no program is said aloud, and no other is started in its place", async () => {
  await user.set("path", "absent/mlspec-lint");
  await until("no error", () => said.errors.length > 0);
  assert.match(said.errors.pop(), /names .*absent\/mlspec-lint, which is no program/);
  assert.match(said.status.text, /\$\(error\)/);
});

test("in a workspace that is not trusted, its setting and its environment are ignored", async () => {
  vscode.workspace.isTrusted = false;
  const old = process.env.PATH;
  process.env.PATH = "";
  await vscode.commands.executeCommand("mlspec-lint.restart");
  assert.match(said.errors.pop(), /is not installed/);
  await user.set("path", "absent/mlspec-lint", program);
  await until("no program", () => said.status.tooltip === `${program}, from the setting`);
  process.env.PATH = old;
  vscode.workspace.isTrusted = true;
});

test("a server that ends is said to have ended, and one that is switched off is off", async () => {
  const named = path.join(folder, "broken");
  writeFileSync(named, "#!/bin/sh\nexit 3\n");
  chmodSync(named, 0o755);
  await user.set("path", "broken");
  await until("not failed", () => /\$\(error\)/.test(said.status.text));
  said.errors.length = 0;
  await user.set("path", "");
  await user.set("enable", false);
  await until("not off", () => /circle-slash/.test(said.status.text));
  await user.set("enable", true);
  await until("not on", () => said.status.text === `mlspec-lint ${version}`);
});

test("every command of the manifest exists, and its problem matcher reads what the command line prints", () => {
  assert.deepEqual(user.commands().sort(), manifest.contributes.commands.map(({ command }) => command).sort());
  const printed = execFileSync(program, ["check", "--exit-zero", "--format", "concise", "-q", "run.yml"], { cwd: folder, encoding: "utf8" });
  const { pattern } = manifest.contributes.problemMatchers[0];
  const match = printed.split("\n").map((line) => new RegExp(pattern.regexp).exec(line)).find((own) => own?.[pattern.code] === "run/metric-value-mismatch");
  assert.deepEqual([match[pattern.file], match[pattern.line], match[pattern.severity]], ["run.yml", "7", "error"], printed);
});

test("the manifest says what the project says", () => {
  const cargo = readFileSync(path.resolve(here, "../../../Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "(.+)"$/m.exec(cargo)[1]);
  const { restrictedConfigurations, supported } = manifest.capabilities.untrustedWorkspaces;
  assert.deepEqual([supported, restrictedConfigurations], ["limited", ["mlspec-lint.path"]]);
});
