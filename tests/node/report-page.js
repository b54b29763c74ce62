// Looks at a governance report in a real browser, and prints what it finds as JSON.
//
//     node report-page.js REPORT.html CHROMIUM [FOLDER]
//
// With a folder, screenshots are written into it. The page is opened from its file, in light, dark and print, at the widths of a phone, a
// tablet and a desk.
"use strict";

const path = require("node:path");
const { pathToFileURL } = require("node:url");
const puppeteer = require("puppeteer-core");
const axe = require("axe-core");

const WIDTHS = [360, 768, 1440];
const SCHEMES = ["light", "dark"];

async function main([file, executablePath, folder]) {
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    // A busy machine takes its time.
    timeout: 0,
    protocolTimeout: 600_000,
    // The tests may run as root, in a container with little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"],
  });
  try {
    const found = { browser: await browser.version(), messages: [], requests: [], overflows: [], violations: [] };
    const url = pathToFileURL(path.resolve(file)).href;
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    page.on("console", (message) => found.messages.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => found.messages.push(`error: ${error.message}`));
    page.on("request", (request) => request.url() === url || found.requests.push(request.url()));
    for (const scheme of SCHEMES) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      for (const width of WIDTHS) {
        await page.setViewport({ width, height: 900 });
        await page.goto(url, { waitUntil: "load" });
        const what = `${scheme} at ${width}`;
        found.overflows.push(...(await page.evaluate(overflows)).map((element) => `${what}: ${element}`));
        if (folder) {
          await page.screenshot({ path: path.join(folder, `report-${scheme}-${width}.png`), fullPage: true });
        }
      }
      found.violations.push(...(await audit(page, scheme)));
    }
    await page.emulateMediaType("print");
    found.violations.push(...(await audit(page, "print")));
    if (folder) {
      await page.pdf({ path: path.join(folder, "report.pdf"), format: "A4", preferCSSPageSize: true });
    }
    await page.emulateMediaType("screen");
    found.elements = await page.evaluate(elements);
    found.keyboard = await keyboard(page, url);
    console.log(JSON.stringify(found));
  } finally {
    await browser.close();
  }
}

// Returns the elements that are wider than the page, other than those in a part that can be scrolled by itself.
function overflows() {
  const width = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > width) {
    found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  for (const element of document.querySelectorAll("body *")) {
    const right = element.getBoundingClientRect().right;
    if (right > width + 1 && !element.closest(".drawing")) {
      found.push(`${element.tagName}.${element.getAttribute("class")} ends at ${Math.round(right)}`);
    }
  }
  return found.slice(0, 10);
}

async function audit(page, medium) {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map((violation) => {
    const nodes = violation.nodes.slice(0, 5).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`);
    return `${medium}: ${violation.id} (${violation.nodes.length}): ${violation.help}\n${nodes.join("\n")}`;
  });
}

// Returns the names of all elements, and of all attributes that could run something.
function elements() {
  const names = new Set();
  for (const element of document.querySelectorAll("*")) {
    names.add(element.tagName.toLowerCase());
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.value.trim().toLowerCase().startsWith("javascript:")) {
        names.add(`@${attribute.name}`);
      }
    }
  }
  return [...names].sort();
}

// Walks through the page with the keyboard alone.
async function keyboard(page, url) {
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(url, { waitUntil: "load" });
  const focused = () => page.evaluate(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    return { text: (element.textContent || element.id).trim().slice(0, 60), outline: style.outlineStyle !== "none" };
  });
  const walked = {};
  await page.keyboard.press("Tab");
  walked.first = await focused();
  await page.keyboard.press("Enter");
  walked.hash = await page.evaluate(() => location.hash);
  // What can be focused is reached, and seen to be.
  const all = await page.evaluate(
    () => [...document.querySelectorAll("a[href], summary, input, [tabindex='0']")].filter((own) => own.checkVisibility()).length,
  );
  await page.goto(url, { waitUntil: "load" });
  walked.unseen = [];
  walked.reached = 0;
  for (let step = 0; step < Math.min(all, 300); step += 1) {
    await page.keyboard.press("Tab");
    const element = await focused();
    walked.reached += 1;
    if (!element.outline) walked.unseen.push(element.text);
  }
  walked.all = all;
  const boxes = await page.$$(".filter input");
  walked.shown = [];
  for (const box of boxes) {
    await box.focus();
    await page.keyboard.press("Space");
    walked.shown.push(await page.evaluate(() => [...document.querySelectorAll(".finding")].filter((own) => own.checkVisibility()).length));
  }
  return walked;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
