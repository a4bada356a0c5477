"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const HOUR = 3600e3, DAY = 24 * HOUR;
  const PAD = { left: 46, right: 8, top: 32, bottom: 22 };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const rootScale = document.getElementById("root");
  const main = document.getElementById("watches");

  /* Words. Everything from outside goes into text nodes, and nowhere else. */
  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const count = (n) => n.toLocaleString("en");
  const figure = (n) => (n === null || n === undefined ? "–" : n >= 100 ? count(Math.round(n)) : String(+n.toFixed(n < 1 ? 2 : 1)));
  const iso = (t, from, to) => new Date(t).toISOString().slice(from, to).replace("T", " ");
  const minute = (t) => iso(t, 0, 16);
  const lasting = (ms) => (ms < 60e3 ? Math.round(ms / 1e3) + " s" : ms < 2 * HOUR ? Math.round(ms / 60e3) + " min" : ms < 2 * DAY ? +(ms / HOUR).toFixed(1) + " h" : +(ms / DAY).toFixed(1) + " days");
  const many = (n, one, more) => count(n) + " " + (n === 1 ? one : more);

  let ink = {};
  const readInk = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["card", "ink", "quiet", "rule", "grid", "seen", "negativity", "volume", "praise", "expected", "band", "label", "label-edge", "pick", "limit", "window"]) ink[name] = style.getPropertyValue("--" + name).trim();
  };

  /* Points: what stands in the data as text becomes numbers when a chart is first drawn. */
  const numbers = (text, n) => {
    const out = new Float64Array(n);
    if (n) text.split(",").forEach((part, i) => { out[i] = part === "" ? 0 : +part; });
    return out;
  };
  const held = (text, n) => {
    const out = new Float64Array(n);
    let last = NaN;
    if (n) text.split(",").forEach((part, i) => { if (part !== "") last = part === "-" ? NaN : +part; out[i] = last; });
    return out;
  };

  /* What is drawn against what was expected of it: of an incident what its sentence counts, of a watch what is chosen. */
  const drawn = document.getElementById("drawn");
  const NAMES = { mentions: "mentions", negatives: "negative mentions", share: "share of negative mentions, in %," };

  class Plot {
    constructor(watch, box) {
      this.watch = watch;
      this.box = box;
      this.canvas = box.appendChild(make("canvas"));
      this.canvas.setAttribute("aria-hidden", "true");
      this.whole = [watch.start, watch.start + Math.max(1, watch.points) * watch.step];
      this.view = this.whole.slice();
      this.pick = null;
      this.ready = null;
      this.tip = null;
      this.listen();
    }

    of() { return this.watch.of || (this.watch.negatives ? drawn.value : "mentions"); }

    load() {
      const { watch } = this, n = watch.points, of = this.of();
      if (this.ready === of) return;
      const mentions = numbers(watch.seen, n), negatives = numbers(watch.negative, n);
      const past = of === "mentions" ? watch.expected : watch.expected_negatives;
      const part = (values) => (of === "share" ? values.map((value, i) => (mentions[i] > 0 ? Math.min(100, 100 * value / mentions[i]) : NaN)) : values);
      this.mentions = mentions;
      this.negative = negatives;
      this.seen = part(of === "mentions" ? mentions : negatives);
      this.expected = part(held(past.mean, n));
      this.low = part(held(past.low, n));
      this.high = part(held(past.high, n));
      this.ready = of;
    }

    x(t) { return PAD.left + (t - this.view[0]) / (this.view[1] - this.view[0]) * (this.width - PAD.left - PAD.right); }
    time(x) { return this.view[0] + (x - PAD.left) / (this.width - PAD.left - PAD.right) * (this.view[1] - this.view[0]); }
    y(v) {
      const part = rootScale.checked ? Math.sqrt(v / this.top) : v / this.top;
      return this.height - PAD.bottom - part * (this.height - PAD.top - PAD.bottom);
    }

    /* Points in view, those that share a pixel as one: the peak of what was seen, the mean of what was expected. */
    gather() {
      const { start, step, points } = this.watch;
      const from = Math.max(0, Math.floor((this.view[0] - start) / step)), to = Math.min(points, Math.ceil((this.view[1] - start) / step));
      const every = Math.max(1, Math.floor((to - from) / Math.max(1, this.width - PAD.left - PAD.right)));
      const out = [];
      for (let i = from - from % every; i < to; i += every) {
        const p = { t: start + (i + every / 2) * step, seen: NaN, negative: 0, expected: 0, low: 0, high: 0 };
        let known = 0;
        for (let j = i; j < Math.min(points, i + every); j++) {
          if (!Number.isNaN(this.seen[j])) p.seen = Math.max(p.seen || 0, this.seen[j]);
          p.negative = Math.max(p.negative, this.negative[j]);
          if (!Number.isNaN(this.expected[j])) { known++; p.expected += this.expected[j]; p.low += this.low[j]; p.high += this.high[j]; }
        }
        for (const name of ["expected", "low", "high"]) p[name] = known ? p[name] / known : NaN;
        out.push(p);
      }
      return out;
    }

    draw() {
      this.load();
      const ratio = Math.min(3, devicePixelRatio || 1);
      this.width = this.box.clientWidth;
      this.height = this.box.clientHeight;
      if (!this.width) return;
      this.canvas.width = Math.round(this.width * ratio);
      this.canvas.height = Math.round(this.height * ratio);
      const c = this.c = this.canvas.getContext("2d");
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      c.clearRect(0, 0, this.width, this.height);
      c.font = "12px system-ui, sans-serif";
      const points = this.gather();
      this.top = Math.max(1, this.watch.limit || 0, ...points.map((p) => Math.max(p.seen || 0, p.high || 0))) * 1.06;
      const bottom = this.height - PAD.bottom, right = this.width - PAD.right;
      this.axes(c, bottom, right);
      c.save();
      c.beginPath();
      c.rect(PAD.left, 0, right - PAD.left, bottom + 1);
      c.clip();
      this.labels(c, bottom);
      this.marked(c, bottom);
      this.band(c, points);
      const mentions = this.ready === "mentions";
      if (mentions && this.watch.negatives) this.area(c, points, "negative", ink.negativity, bottom);
      this.line(c, points, "high", ink.expected, 1, []);
      this.line(c, points, "expected", ink.expected, 1.25, [5, 4]);
      this.line(c, points, "seen", mentions ? ink.seen : ink.negativity, 1.5, []);
      this.limit(c, right);
      this.incidents(c, bottom);
      if (this.pick) {
        c.fillStyle = ink.pick;
        c.fillRect(Math.min(...this.pick), PAD.top, Math.abs(this.pick[1] - this.pick[0]), bottom - PAD.top);
      }
      c.restore();
      if (!this.watch.points) { c.fillStyle = ink.quiet; c.fillText("no mentions", PAD.left + 8, PAD.top + 20); }
    }

    axes(c, bottom, right) {
      c.strokeStyle = ink.grid;
      c.fillStyle = ink.quiet;
      c.lineWidth = 1;
      c.textAlign = "right";
      c.textBaseline = "middle";
      const rough = this.top / (rootScale.checked ? 8 : 4), power = 10 ** Math.floor(Math.log10(rough));
      const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough));
      let above = Infinity;
      for (let v = Math.floor(this.top / step) * step; v >= 0; v -= step) {
        const y = Math.round(this.y(v)) + .5;
        if (rootScale.checked && v > 0 && (y - PAD.top < 6 && v < step * 2 || above !== Infinity && Math.abs(y - above) < 16)) continue;
        above = y;
        c.beginPath(); c.moveTo(PAD.left, y); c.lineTo(right, y); c.stroke();
        c.fillText(v >= 1e6 ? figure(v / 1e6) + "M" : v >= 1e4 ? figure(v / 1e3) + "k" : count(v), PAD.left - 6, y);
      }
      c.textAlign = "center";
      c.textBaseline = "top";
      this.timeTicks(right).forEach(([t, text]) => {
        const x = Math.round(this.x(t)) + .5;
        c.beginPath(); c.moveTo(x, PAD.top); c.lineTo(x, bottom + 4); c.stroke();
        c.fillText(text, Math.min(Math.max(x, PAD.left + 18), right - 30), bottom + 6);
      });
      c.textAlign = "left";
      c.textBaseline = "top";
      c.fillText(NAMES[this.ready] + " per " + lasting(this.watch.step), PAD.left + 4, 1);
    }

    timeTicks(right) {
      const span = this.view[1] - this.view[0], most = Math.max(2, (right - PAD.left) / 110), ticks = [];
      const steps = [60e3, 300e3, 900e3, 1800e3, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
      const step = steps.find((s) => span / s <= most);
      if (step) {
        const text = (t) => (step >= DAY ? iso(t, 5, 10) : t % DAY === 0 ? iso(t, 5, 10) : iso(t, 11, 16));
        for (let t = Math.ceil(this.view[0] / step) * step; t <= this.view[1]; t += step) ticks.push([t, text(t)]);
      } else {
        const first = new Date(this.view[0]), months = Math.ceil(span / (30.4 * DAY) / most);
        for (let m = 0; ; m += months) {
          const t = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + m, 1);
          if (t > this.view[1]) break;
          ticks.push([t, iso(t, 0, 7)]);
        }
      }
      return ticks;
    }

    labels(c, bottom) {
      for (const [from, to] of this.watch.windows) {
        const a = this.x(from), b = this.x(to);
        if (b < PAD.left || a > this.width) continue;
        c.fillStyle = ink.label;
        c.fillRect(a, PAD.top, Math.max(1, b - a), bottom - PAD.top);
        c.fillStyle = ink["label-edge"];
        c.fillRect(a, bottom - 3, Math.max(2, b - a), 3);
      }
    }

    band(c, points) {
      c.fillStyle = ink.band;
      let run = [];
      const fill = () => {
        if (run.length > 1) {
          c.beginPath();
          run.forEach((p, i) => (i ? c.lineTo(this.x(p.t), this.y(p.high)) : c.moveTo(this.x(p.t), this.y(p.high))));
          run.reverse().forEach((p) => c.lineTo(this.x(p.t), this.y(p.low)));
          c.fill();
        }
        run = [];
      };
      for (const p of points) if (Number.isNaN(p.high)) fill(); else run.push(p);
      fill();
    }

    line(c, points, name, colour, width, dash) {
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.lineJoin = "round";
      c.setLineDash(dash);
      c.beginPath();
      let on = false;
      for (const p of points) {
        if (Number.isNaN(p[name])) { on = false; continue; }
        if (on) c.lineTo(this.x(p.t), this.y(p[name])); else c.moveTo(this.x(p.t), this.y(p[name]));
        on = true;
      }
      c.stroke();
      c.setLineDash([]);
    }

    area(c, points, name, colour, bottom) {
      if (!points.length) return;
      c.fillStyle = colour;
      c.globalAlpha = .55;
      c.beginPath();
      c.moveTo(this.x(points[0].t), bottom);
      for (const p of points) c.lineTo(this.x(p.t), this.y(p[name]));
      c.lineTo(this.x(points[points.length - 1].t), bottom);
      c.fill();
      c.globalAlpha = 1;
    }

    /* The window of the figures that the incident is told by. */
    marked(c, bottom) {
      if (!this.watch.window) return;
      const [a, b] = this.watch.window.map((t) => this.x(t));
      c.fillStyle = ink.window;
      c.globalAlpha = .12;
      c.fillRect(a, PAD.top, Math.max(1, b - a), bottom - PAD.top);
      c.globalAlpha = 1;
      c.fillRect(a, bottom - 3, Math.max(2, b - a), 3);
    }

    /* The limit that was reached, as if it were at an even pace. */
    limit(c, right) {
      if (!this.watch.limit) return;
      const y = this.y(this.watch.limit);
      c.strokeStyle = ink.limit;
      c.lineWidth = 1.5;
      c.setLineDash([10, 4]);
      c.beginPath(); c.moveTo(PAD.left, y); c.lineTo(right, y); c.stroke();
      c.setLineDash([]);
    }

    /* A bar over its time, and a line with a flag where it paged. */
    incidents(c, bottom) {
      for (const found of this.watch.found) {
        const a = this.x(found.opened), b = this.x(found.closed === null ? this.whole[1] : found.closed);
        if (b < PAD.left || a > this.width) continue;
        c.fillStyle = c.strokeStyle = ink[found.kind] || ink.volume;
        c.fillRect(a, PAD.top - 2, Math.max(2, b - a), 4);
        if (found.paged === null) continue;
        const x = Math.round(this.x(found.paged)) + .5;
        c.globalAlpha = .75;
        c.lineWidth = 1;
        c.beginPath(); c.moveTo(x, PAD.top); c.lineTo(x, bottom); c.stroke();
        c.globalAlpha = 1;
        c.beginPath(); c.moveTo(x - 5, PAD.top - 8); c.lineTo(x + 5, PAD.top - 8); c.lineTo(x, PAD.top + 3); c.fill();
      }
    }

    zoom(from, to) {
      const least = Math.min(this.whole[1] - this.whole[0], 12 * this.watch.step), [start, end] = this.whole;
      if (to - from < least) { const middle = (from + to) / 2; from = middle - least / 2; to = middle + least / 2; }
      const span = Math.min(to - from, end - start);
      from = Math.min(Math.max(from, start), end - span);
      this.view = [from, from + span];
      const all = span >= end - start;
      if (all && this.back) { this.back.remove(); this.back = null; }
      if (!all && !this.back) {
        this.back = this.box.appendChild(make("button", "whole time", "reset"));
        this.back.type = "button";
        this.back.onclick = () => this.zoom(start, end);
        // What is said to the button is not said to the chart.
        this.back.onpointerdown = (event) => event.stopPropagation();
      }
      this.hide();
      this.draw();
    }

    around(found) {
      const end = found.closed === null ? this.whole[1] : found.closed, room = Math.max(12 * HOUR, (end - found.opened) * .75);
      this.zoom(found.opened - room, end + room);
      this.box.scrollIntoView({ block: "center" });
    }

    hide() { if (this.tip) { this.tip.remove(); this.tip = null; } }

    show(x) {
      const { start, step, points } = this.watch, t = this.time(x), i = Math.floor((t - start) / step);
      if (i < 0 || i >= points || x < PAD.left) return this.hide();
      const unit = this.ready === "share" ? " %" : "", number = (n) => figure(n) + unit;
      const lines = [minute(start + i * step), "mentions " + figure(this.mentions[i]) + (this.watch.negatives ? ", negative " + figure(this.negative[i]) : "")];
      if (unit && !Number.isNaN(this.seen[i])) lines.push("share " + number(this.seen[i]));
      lines.push(Number.isNaN(this.expected[i]) ? "nothing expected yet" : "expected " + (unit ? "share" : this.ready === "mentions" ? "mentions" : "negatives") + " " + number(this.expected[i]) + " (" + figure(this.low[i]) + " to " + number(this.high[i]) + ")");
      if (this.watch.window && t >= this.watch.window[0] && t < this.watch.window[1]) lines.push("in the window of the figures");
      const near = 4 / (this.width - PAD.left - PAD.right) * (this.view[1] - this.view[0]);
      for (const found of this.watch.found) {
        const end = found.closed === null ? this.whole[1] : found.closed;
        if (t >= found.opened - near && t <= end + near) lines.push(found.kind + ", severity " + found.severity + (found.paged === null ? ", not paged" : ", paged " + minute(found.paged)));
        if (lines.length > 6) break;
      }
      if (this.watch.windows.some(([from, to]) => t >= from && t <= to)) lines.push("inside a labelled window");
      if (!this.tip) this.tip = this.box.appendChild(make("div", undefined, "tip"));
      this.tip.textContent = lines.join("\n");
      const left = x > this.width / 2;
      this.tip.style.left = left ? "auto" : x + 12 + "px";
      this.tip.style.right = left ? this.width - x + 12 + "px" : "auto";
    }

    listen() {
      const { box } = this, at = (event) => event.clientX - box.getBoundingClientRect().left;
      box.tabIndex = 0;
      box.onpointerdown = (event) => {
        if (event.button || event.pointerType === "touch") return;
        box.setPointerCapture(event.pointerId);
        this.pick = [at(event), at(event)];
      };
      box.onpointermove = (event) => {
        if (!this.ready) return;
        if (this.pick) { this.pick[1] = at(event); this.hide(); this.draw(); } else this.show(at(event));
      };
      box.onpointerup = box.onpointercancel = (event) => {
        if (!this.pick) return;
        const [a, b] = this.pick.map((x) => this.time(Math.min(Math.max(x, PAD.left), this.width - PAD.right))).sort((p, q) => p - q);
        const wide = Math.abs(this.pick[1] - this.pick[0]) > 4;
        this.pick = null;
        if (wide && event.type === "pointerup") this.zoom(a, b); else this.draw();
      };
      box.onpointerleave = () => this.hide();
      box.ondblclick = () => this.zoom(...this.whole);
      box.addEventListener("wheel", (event) => {
        // A page of charts must scroll: the wheel is the chart's once it was clicked into.
        if (document.activeElement !== box && !event.ctrlKey) return;
        event.preventDefault();
        this.scale(Math.exp(Math.sign(event.deltaY) * .25), this.time(at(event)));
      }, { passive: false });
      box.onkeydown = (event) => {
        const move = (this.view[1] - this.view[0]) / 4, middle = (this.view[0] + this.view[1]) / 2;
        const deeds = {
          ArrowLeft: () => this.zoom(this.view[0] - move, this.view[1] - move),
          ArrowRight: () => this.zoom(this.view[0] + move, this.view[1] + move),
          "+": () => this.scale(.6, middle), "=": () => this.scale(.6, middle), "-": () => this.scale(1.6, middle),
          0: () => this.zoom(...this.whole), Escape: () => this.zoom(...this.whole),
        };
        if (deeds[event.key] && event.target === box) { event.preventDefault(); deeds[event.key](); }
      };
    }

    scale(factor, around) { this.zoom(around - (around - this.view[0]) * factor, around + (this.view[1] - around) * factor); }
  }

  /* What is said of a watch and of an incident. */
  const facts = (watch) => {
    const line = make("p");
    const say = (text, className) => { if (line.childNodes.length) line.append(" · "); line.append(make("span", text, className)); };
    say(many(watch.mentions, "mention", "mentions") + (watch.negatives ? ", " + count(watch.negatives) + " negative" : ""));
    say(many(watch.incidents, "incident", "incidents"));
    if (watch.pages_a_week !== null) say(many(watch.pages, "page", "pages") + ", " + figure(watch.pages_a_week) + " a week");
    if (watch.labels) {
      const seen = watch.labels.found + watch.labels.missed;
      say(watch.labels.found + " of " + many(seen, "label", "labels") + " found", watch.labels.missed ? "over" : "");
      const rate = watch.labels.false_pages_a_week;
      if (rate !== null) say(figure(rate) + " false pages a week, budget " + figure(watch.budget), rate > watch.budget ? "over" : "");
    } else say("budget " + figure(watch.budget));
    return line;
  };

  const told = (plot, found) => {
    const item = make("li"), line = make("p"), kind = make("span", found.kind, "kind"), go = make("button", minute(found.opened));
    kind.style.color = "var(--" + (["negativity", "volume", "praise"].includes(found.kind) ? found.kind : "volume") + ")";
    go.type = "button";
    go.onclick = () => plot.around(found);
    line.append(go, kind, "severity " + found.severity + "; " + (found.paged === null ? "not paged" : "paged after " + lasting(found.paged - found.opened)) + "; " + (found.closed === null ? "open at the end" : "lasted " + lasting(found.closed - found.opened)));
    item.append(line);
    item.append(make("p", (found.kind === "negativity" || found.kind === "slow-burn" ? "negatives: " : "mentions: ") + count(found.observed) + " in " + lasting(found.window * 1e3) + ", expected " + figure(found.expected) + " (" + figure(found.low) + " to " + figure(found.high) + "); as rare as " + figure(found.per_week) + " a week" + (found.learning ? "; still learning" : "") + ". In all " + count(found.mentions) + ": " + many(found.originals, "original", "originals") + ", " + many(found.reposts, "repost", "reposts") + ", " + many(found.copies, "copy", "copies") + (found.one > 1 ? " (" + count(found.one) + " of one text)" : "") + (found.authors ? ", by about " + many(found.authors, "author", "authors") : ""), "quiet"));
    if (found.course) {
      const box = item.appendChild(make("div", undefined, "plot small"));
      const close = new Plot({ ...found.course, negatives: plot.watch.negatives, windows: plot.watch.windows, found: [found] }, box);
      plots.set(box, close);
      seen.observe(box);
    }
    if (found.why) item.append(make("p", found.why));
    if (found.driven) item.append(make("p", "driven by: " + found.driven, "quiet"));
    for (const driver of found.examples) {
      const quote = make("blockquote", driver.text), cite = make("cite", [driver.author, driver.source, driver.followers ? count(driver.followers) + " followers" : "", driver.class].filter(Boolean).join(" · ") + " · ");
      let when = make("span", minute(driver.at));
      if (driver.url && /^https?:\/\//i.test(driver.url)) { when = make("a", minute(driver.at)); when.href = driver.url; when.rel = "noopener noreferrer nofollow"; }
      cite.append(when);
      quote.append(cite);
      item.append(quote);
    }
    return item;
  };

  const card = (watch) => {
    const section = make("section", undefined, "watch"), header = make("header"), box = make("div", undefined, "plot");
    header.append(make("h2", watch.watch), facts(watch));
    section.append(header, box);
    const plot = new Plot(watch, box);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", watch.watch + ": what was seen and expected over time; the incidents are listed below");
    if (watch.found.length) {
      const details = make("details"), list = make("ul", undefined, "found");
      details.append(make("summary", many(watch.incidents, "incident", "incidents")), list);
      details.ontoggle = () => {
        if (list.childNodes.length || !details.open) return;
        list.append(...watch.found.map((found) => told(plot, found)));
        if (watch.more) list.append(make("li", "and " + count(watch.more) + " more, in incidents.jsonl"));
      };
      section.append(details);
    }
    return { watch, section, plot };
  };

  const figures = () => {
    const { summary } = data, list = document.getElementById("figures"), labels = summary.labels;
    const say = (name, value, small) => {
      const box = make("div"), dd = make("dd", value);
      if (small) dd.append(" ", make("small", small));
      box.append(make("dt", name), dd);
      list.append(box);
    };
    document.getElementById("span").textContent = summary.from ? minute(Date.parse(summary.from)) + " to " + minute(Date.parse(summary.to)) + " UTC" : "no input";
    say("watches", count(data.watches.length));
    say("mentions", count(summary.mentions || summary.counted), summary.mentions ? count(summary.matched) + " matched a watch" : "");
    say("incidents", count(summary.incidents), Object.entries(summary.kinds).map(([kind, n]) => n + " " + kind).join(", "));
    say("pages", count(summary.pages), figure(summary.pages_a_week) + " per week and watch");
    if (labels) {
      const share = (n) => (n === null ? "–" : Math.round(n * 100) + " %");
      say("labels found", labels.found + " of " + (labels.found + labels.missed), "recall " + share(labels.recall));
      say("precision", share(labels.precision), count(labels.false_pages) + " pages outside the labels");
      say("lead", labels.median_lead_hours === null ? "–" : lasting(labels.median_lead_hours * HOUR), "median, from a label's beginning");
      say("false pages a week", figure(labels.false_pages_a_week), "budget " + figure(labels.budget));
    }
    const notes = document.getElementById("notes");
    for (const [reason, n] of Object.entries(summary.refused)) notes.append(make("li", many(n, "line", "lines") + " refused: " + reason));
    if (summary.repeats) notes.append(make("li", many(summary.repeats, "mention", "mentions") + " repeated an id and were not counted"));
    if (summary.unknown_labels.length) notes.append(make("li", "labels for watches that are not in this backtest: " + summary.unknown_labels.join(", ")));
    const legend = document.getElementById("legend");
    const entry = (text, name, fill) => {
      const item = make("li"), mark = make("i", undefined, fill ? "fill" : "");
      mark.style[fill ? "background" : "borderColor"] = "var(--" + name + ")";
      item.append(mark, text);
      legend.append(item);
    };
    entry("mentions", "seen");
    if (data.watches.some((watch) => watch.negatives)) entry("negative mentions", "negativity");
    entry("expected", "expected");
    entry("expected range (95 %)", "band", true);
    entry("window of an incident's figures", "window");
    entry("limit of the settings", "limit");
    if (data.watches.some((watch) => watch.windows.length)) entry("label", "label", true);
    for (const kind of Object.keys(summary.kinds)) entry("▾ " + kind, kind, true);
  };

  readInk();
  figures();
  const cards = data.watches.map(card);
  const plots = new Map(cards.map(({ plot }) => [plot.box, plot]));
  const visible = new Set();
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) { visible.add(target); plots.get(target).draw(); } else visible.delete(target);
    }
  }, { rootMargin: "300px" });
  cards.forEach(({ plot }) => seen.observe(plot.box));
  const redraw = () => visible.forEach((box) => plots.get(box).draw());
  new ResizeObserver(redraw).observe(main);
  dark.addEventListener("change", () => { readInk(); redraw(); });
  rootScale.onchange = drawn.onchange = redraw;
  drawn.parentElement.hidden = !data.watches.some((watch) => watch.negatives);

  const find = document.getElementById("find"), order = document.getElementById("order"), busy = document.getElementById("busy");
  const by = {
    pages: (a, b) => b.pages - a.pages || b.incidents - a.incidents || b.mentions - a.mentions,
    mentions: (a, b) => b.mentions - a.mentions,
    missed: (a, b) => (b.labels ? b.labels.missed : -1) - (a.labels ? a.labels.missed : -1) || b.pages - a.pages,
    name: () => 0,
  };
  const arrange = () => {
    const wanted = find.value.trim().toLowerCase();
    const shown = cards.filter(({ watch }) => watch.watch.toLowerCase().includes(wanted) && (!busy.checked || watch.incidents));
    shown.sort((a, b) => by[order.value](a.watch, b.watch) || a.watch.watch.localeCompare(b.watch.watch));
    main.replaceChildren(...shown.map(({ section }) => section));
    document.getElementById("none").hidden = shown.length > 0;
  };
  find.oninput = order.onchange = busy.onchange = arrange;
  arrange();
})();
