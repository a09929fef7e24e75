// Opens pages in Chromium at three widths, light, dark and printed, and asks axe-core for violations and for content wider than the window.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const [executablePath, ...files] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
let wrong = 0, looked = 0;
for (const file of files) for (const width of [1440, 768, 390]) for (const look of ["light", "dark", "print"]) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  await page.emulateMedia(look === "print" ? { media: "print" } : { colorScheme: look });
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const { id, help, nodes } of violations) {
    wrong += 1;
    console.error(`${file} ${width} ${look}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
  if (overflow > 0 && look !== "print") { wrong += 1; console.error(`${file} ${width} ${look}: ${overflow} pixels wider than the window`); }
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${file.replace(/[^a-z]+/g, "-")}-${width}-${look}.png` });
  looked += 1;
  await context.close();
}
await browser.close();
if (wrong) process.exit(1);
console.log(`axe finds nothing in ${files.length} pages, looked at in ${looked} ways`);
