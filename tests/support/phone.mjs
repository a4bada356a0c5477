// A person with a phone: Chromium without a window, driven over its DevTools protocol. Opens a page, presses what a
// thumb would press, and takes pictures.
//
//   node phone.mjs CHROMIUM PROFILE FOLDER URL STEPS
//
// STEPS is JSON, an array of: {"press": CSS}, {"type": CSS, "text": …}, {"choose": CSS, "value": …}, {"open": CSS},
// {"see": TEXT}, {"picture": NAME}. Prints the text of the page as it is in the end.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

const [chromium, profile, folder, url, written] = process.argv.slice(2);
const LONG_MS = 60_000;

const browser = spawn(chromium, [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
  "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank",
]);
const fail = (why) => { console.error(why); browser.kill("SIGKILL"); process.exit(1); };
const timer = setTimeout(() => fail("the browser took too long"), 3 * LONG_MS);

const endpoint = await new Promise((found) => {
  let log = "";
  browser.stderr.on("data", (chunk) => {
    log += chunk;
    const line = log.match(/DevTools listening on (ws:\S+)/);
    if (line) found(line[1]);
  });
  browser.on("exit", () => fail(`the browser ended: ${log}`));
});

const socket = new WebSocket(endpoint);
await new Promise((open) => socket.addEventListener("open", open));
let number = 0;
const waiting = new Map();
const heard = [];
socket.addEventListener("message", ({ data }) => {
  const message = JSON.parse(data);
  if (message.id !== undefined) {
    const { done, method } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) fail(`${method}: ${message.error.message}`);
    done(message.result);
  } else {
    heard.forEach((listen) => listen(message));
  }
});
const send = (method, params = {}, sessionId) => new Promise((done) => {
  number += 1;
  waiting.set(number, { done, method });
  socket.send(JSON.stringify({ id: number, method, params, sessionId }));
});

const { targetInfos } = await send("Target.getTargets");
const { targetId } = targetInfos.find((target) => target.type === "page");
const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
const page = (method, params) => send(method, params, sessionId);
await page("Page.enable");
await page("Runtime.enable");
await page("Emulation.setDeviceMetricsOverride", { width: 390, height: 844, deviceScaleFactor: 2, mobile: true });
await page("Emulation.setTouchEmulationEnabled", { enabled: true });

const loaded = () => new Promise((done) => {
  const listen = (message) => {
    if (message.method === "Page.loadEventFired" && message.sessionId === sessionId) {
      heard.splice(heard.indexOf(listen), 1);
      done();
    }
  };
  heard.push(listen);
});
const run = async (expression) => {
  const { result, exceptionDetails } = await page("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) fail(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  return result.value;
};
const text = () => run("document.body.innerText");
const where = (css) => run(`(() => {
  const found = [...document.querySelectorAll(${JSON.stringify(css)})].find((it) => it.checkVisibility());
  if (!found) return null;
  found.scrollIntoView({ block: "center" });
  const { x, y, width, height } = found.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, width, height };
})()`);
// A thumb needs room: what is pressed is at least 24 CSS pixels high (WCAG 2.2, 2.5.8).
const tap = async (css) => {
  const at = await where(css);
  if (!at) fail(`nothing to press: ${css}\n${await text()}`);
  if (at.height < 24 || at.width < 24) fail(`too small for a thumb: ${css}: ${at.width} x ${at.height}`);
  const point = { x: at.x, y: at.y };
  await page("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await page("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
};

let ready = loaded();
await page("Page.navigate", { url });
await ready;
for (const step of JSON.parse(written)) {
  if (step.press) {
    ready = loaded();
    await tap(step.press);
    await ready;
  } else if (step.open) {
    await tap(step.open);
    await new Promise((done) => setTimeout(done, 200));
  } else if (step.type) {
    await run(`document.querySelector(${JSON.stringify(step.type)}).value = ${JSON.stringify(step.text)}`);
  } else if (step.choose) {
    await run(`document.querySelector(${JSON.stringify(step.choose)}).value = ${JSON.stringify(step.value)}`);
  } else if (step.see) {
    const end = Date.now() + LONG_MS;
    // What others do shows when the page is read again.
    while (!(await text()).includes(step.see)) {
      if (Date.now() > end) fail(`not seen: ${step.see}\n${await text()}`);
      await new Promise((done) => setTimeout(done, 1_000));
      ready = loaded();
      await page("Page.reload");
      await ready;
    }
  } else if (step.picture) {
    const wide = await run("document.documentElement.scrollWidth");
    if (wide > 390) fail(`the page is ${wide} pixels wide, a phone 390`);
    const { data } = await page("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    writeFileSync(`${folder}/${step.picture}.png`, Buffer.from(data, "base64"));
  }
}
console.log(await text());
clearTimeout(timer);
browser.removeAllListeners("exit");
socket.close();
browser.kill("SIGKILL");
process.exit(0);
