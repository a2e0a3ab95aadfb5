// Runs Lighthouse over pages of a signed-in person: node lighthouse.mjs <chromium> < {"pages": [url], "cookies": [...]}
// One line of JSON for each page: {"page", "scores": {category: 0-100}, "failed": [audit]}.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

let given = "";
for await (const chunk of process.stdin) given += chunk;
const { pages, cookies, categories } = JSON.parse(given);
const chrome = await launch({
  chromePath: process.argv[2],
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
  const page = await browser.newPage();
  const devtools = await page.createCDPSession();
  await devtools.send("Storage.setCookies", { cookies });
  // Nobody measures a time: the page need not be slowed down.
  const patience = categories.includes("performance") ? {} : { throttlingMethod: "provided" };
  for (const url of pages) {
    // The cookies are the sign-in: a clean slate would lead every page to the same form.
    const flags = { logLevel: "error", disableStorageReset: true, disableFullPageScreenshot: true, maxWaitForLoad: 30_000 };
    const result = await lighthouse(url, flags, { ...desktopConfig, settings: { ...desktopConfig.settings, ...patience, onlyCategories: categories } }, page);
    const { lhr } = result;
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, category]) => [name, Math.round(category.score * 100)]));
    const failed = Object.values(lhr.categories).flatMap(category => category.auditRefs)
      .filter(ref => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 0.9)
      .map(ref => `${ref.id}: ${lhr.audits[ref.id].details?.items?.slice(0, 3).map(item => item.node?.selector ?? item.value ?? item.url ?? item.description ?? "").join(", ") ?? ""}`);
    console.log(JSON.stringify({ page: lhr.finalDisplayedUrl, scores, failed: [...new Set(failed)], error: lhr.runtimeError?.message ?? null,
      shift: lhr.audits["cumulative-layout-shift"]?.numericValue ?? null, paint: lhr.audits["largest-contentful-paint"]?.numericValue ?? null, bytes: lhr.audits["total-byte-weight"]?.numericValue ?? null }));
  }
} finally {
  chrome.kill();
}
