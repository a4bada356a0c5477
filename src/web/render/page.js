// Keeps the page of an open incident up to date without losing focus or place. Without it the page works the same, and
// is read again by hand.
"use strict";

(() => {
  const EVERY_MS = 15000;
  const live = () => [...document.querySelectorAll("[data-live]")];
  if (live().length === 0) return;

  // A part that somebody is using stays as it is: where the focus is, where something was typed or opened.
  const inUse = (part) =>
    part.contains(document.activeElement) && document.activeElement !== document.body
    || [...part.querySelectorAll("details")].some((details) => details.open)
    || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);

  const refresh = async () => {
    if (document.hidden) return;
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of live()) {
      const next = fresh.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
      if (!next || next.innerHTML === part.innerHTML || inUse(part)) continue;
      part.replaceChildren(...next.childNodes);
    }
    document.title = fresh.title;
    if (fresh.querySelector("main")?.dataset.over !== undefined) clearInterval(timer);
  };
  // A server that is away is asked again next time.
  const timer = setInterval(() => refresh().catch(() => {}), EVERY_MS);
  document.addEventListener("visibilitychange", () => refresh().catch(() => {}));
})();
