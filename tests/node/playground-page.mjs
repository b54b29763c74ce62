// Uses the playground in a real browser as a person does, and fails where it does not do what it should.
//
//     node playground-page.mjs FOLDER CHROMIUM [SCREENSHOTS]
//
// The folder is served on this machine. Whatever the page asks for beside its own files is a failure.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const puppeteer = require("puppeteer-core");
const axe = require("axe-core");
const [folder, executablePath, screenshots] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".css": "text/css", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const PATIENCE = { timeout: 120_000 };

const server = createServer((request, response) => {
  const name = path.basename(new URL(request.url, "http://localhost").pathname) || "index.html";
  try {
    response.setHeader("content-type", TYPES[path.extname(name)] ?? "application/octet-stream");
    response.end(readFileSync(path.join(folder, name)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({
  executablePath,
  headless: true,
  timeout: 0,
  protocolTimeout: 600_000,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"],
});
try {
  const page = await browser.newPage();
  const messages = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(`error: ${error.message}`));
  const foreign = [];
  page.on("request", (request) => request.url().startsWith(`${origin}/`) || request.url().startsWith("data:") || foreign.push(request.url()));
  const open = async (url) => {
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction(() => document.documentElement.dataset.ready === "true", PATIENCE);
  };
  const text = (selector) => page.$eval(selector, (own) => own.textContent);
  const value = (selector) => page.$eval(selector, (own) => own.value);
  const until = async (what, is, ...given) => {
    await page.waitForFunction(is, PATIENCE, ...given).catch(async (error) => {
      throw new Error(`${what}: ${await text("#summary")}: ${messages.join("; ")}`, { cause: error });
    });
  };
  const summaryHas = (part) => until(part, (own) => document.getElementById("summary").textContent.includes(own), part);
  const rewrite = (selector, before, after) =>
    page.$eval(
      selector,
      (pane, before, after) => {
        if (!pane.value.includes(before)) throw new Error(`no ${before}`);
        pane.value = pane.value.replace(before, after);
        pane.dispatchEvent(new Event("input", { bubbles: true }));
      },
      before,
      after,
    );
  const choose = async (title) => {
    const at = await page.$$eval("#example option", (own, title) => own.find(({ textContent }) => textContent === title)?.value, title);
    assert.ok(at, title);
    await page.select("#example", at);
  };

  await open(`${origin}/`);
  // Typing brings findings, which lead to their place; a fix takes them away.
  const document = "mlSpecVersion: 0.1.0\nkind: run\nid: 3c4f0a52-7a60-4f0f-a8a9-8f3f7f0f3f11\nname: é😀\nexperiment_id: e\nmetrics:\n  - {key: accuracy, value: '0.8'}\n";
  await page.$eval("#first", (pane) => pane.select());
  await page.focus("#first");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.sendCharacter(document);
  await until("no finding", () => document.querySelector("#findings").textContent.includes("run/metric-value-mismatch"));
  await page.$$eval("#findings li", (all) => all.find((own) => own.textContent.includes("metric-value-mismatch")).querySelector("button").click());
  assert.equal(await page.$eval("#first", (pane) => pane.value.slice(pane.selectionStart, pane.selectionEnd)), "'0.8'");
  await page.$$eval("#findings button", (all) => all.find((own) => own.textContent === "run/metric-value-mismatch").click());
  assert.match(await text("#rule-page"), /^# run\/metric-value-mismatch/);
  await page.click("#rule-close");
  await page.click("#fix");
  await until("not fixed", () => !document.querySelector("#findings").textContent.includes("run/metric-value-mismatch"));
  assert.equal(await value("#first"), document.replace("'0.8'", "0.8"));

  // What a document says is text, and never markup.
  await rewrite("#first", "kind: run", "kind: <img src=x onerror=alert(1)>");
  await until("not shown", () => document.querySelector("#findings").textContent.includes("<img"));
  assert.equal(await page.$$eval("#findings img", (all) => all.length), 0);

  // A pipeline is drawn.
  await choose("A pipeline");
  await until("no drawing", () => document.querySelector("#graph img").naturalWidth > 100);

  // The verdict follows the bound as it is typed.
  await choose("A candidate that meets all objectives");
  await summaryHas("Gate: pass");
  if (screenshots) await page.screenshot({ path: path.join(screenshots, "gate.png"), fullPage: true });
  await rewrite("#first", "recall >= 92% on holdback", "recall >= 99% on holdback");
  await summaryHas("Gate: fail");
  assert.match(await text("#verdict"), /urgent-calls-found/);
  await rewrite("#first", "recall >= 99%", "recal >= 99%");
  await summaryHas("No verdict");

  // A link carries the texts, without credentials.
  await page.click("input[value=check]");
  await page.$eval("#first", (pane) => {
    pane.value = "mlSpecVersion: 0.1.0\nkind: datastore\nname: ü\nconnection:\n  password: hunter2-correct-horse\n";
    pane.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.click("#share");
  await until("no link", () => document.getElementById("shared").textContent !== "");
  assert.match(await text("#shared"), /masked/);
  const link = page.url();
  await page.goto("about:blank");
  await open(link);
  const carried = await value("#first");
  assert.ok(carried.includes("name: ü") && !carried.includes("hunter2"), carried);
  await page.goto("about:blank");
  await open(`${origin}/#damaged!`);
  assert.match(await text("#shared"), /damaged/);

  // No script but the page's own, and none from a document; usable by keyboard and screen reader, on a phone and a desk.
  const policy = await page.$eval("meta[http-equiv]", (own) => own.content);
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:/);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const width of [360, 1440]) {
      await page.setViewport({ width, height: 900 });
      await choose("A candidate that fails callers of one language");
      await summaryHas("Gate: fail");
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.ok(!isWide, `${scheme} at ${width} scrolls sideways`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], `${scheme} at ${width}`);
      if (screenshots) await page.screenshot({ path: path.join(screenshots, `${scheme}-${width}.png`), fullPage: true });
    }
  }
  assert.deepEqual(foreign, []);
  assert.deepEqual(messages, []);
} finally {
  await browser.close();
  server.close();
}
