// Makes the picture of a governance report for README.md and spec/report.md:
//
//     mlspec-lint report examples/credit-default -o report.html
//     node tests/node/report-picture.js report.html spec/images/report.png [CHROMIUM]
"use strict";

const path = require("node:path");
const { pathToFileURL } = require("node:url");
const puppeteer = require("puppeteer-core");

async function main([file, picture, executablePath = "/usr/bin/chromium"]) {
  const browser = await puppeteer.launch({ executablePath, headless: true, timeout: 0, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await page.setViewport({ width: 1180, height: 1500 });
    await page.goto(pathToFileURL(path.resolve(file)).href, { waitUntil: "load" });
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
