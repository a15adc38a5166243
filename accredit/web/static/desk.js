// The desk by keyboard and scanner. Buttons name their key in data-key; the field takes everything that a reader types, in one
// line or in several, and is sent when it is whole. Without this script every step is a button all the same.
"use strict";
(() => {
  const field = document.getElementById("typed");
  const find = document.getElementById("find");
  let sent = false;
  document.addEventListener("submit", (event) => {
    if (event.target.target === "paper") return;
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // What is in the field: a zone of two or three lines of one of three widths, with or without line ends, or anything else.
  const WIDTHS = { 30: 3, 36: 2, 44: 2 };
  const linesOf = (text) => text.split(/\s+/).filter(Boolean);
  const isZone = (text) => /^[PVIAC][A-Z0-9<]{27,}/i.test(text.trim()) && (text.includes("<") || linesOf(text)[0].length in WIDTHS);
  const isWhole = (text) => {
    const lines = linesOf(text);
    if (lines.length === 1) return [72, 88, 90].includes(lines[0].length);
    return lines.length >= (WIDTHS[lines[0].length] || 2);
  };
  // How long the field waits in silence before it sends a zone to which no Enter came; 0 where signs are missing for sure. A
  // card of three lines in one run passes through the length of a card of two.
  const silence = (text) => {
    const lines = linesOf(text);
    if (lines.length > 1) return isWhole(text) && lines.every((one) => one.length === lines[0].length) ? 150 : 0;
    if (/^[PV]/i.test(text.trim())) return lines[0].length === 88 ? 150 : 0;
    return { 72: 1000, 90: 150 }[lines[0].length] || 0;
  };
  const send = () => { if (field.value.trim()) find.requestSubmit(); };
  let quiet = 0;
  if (field) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      // Between its lines a reader sends Enter, too: then the zone goes on.
      if (isZone(field.value) && !isWhole(field.value) && linesOf(field.value).length < 3) return;
      event.preventDefault();
      send();
    });
    field.addEventListener("input", () => {
      clearTimeout(quiet);
      const wait = isZone(field.value) ? silence(field.value) : 0;
      if (wait) quiet = setTimeout(send, wait);
    });
  }

  const press = (name) => {
    const target = document.querySelector(`[data-key="${CSS.escape(name)}"]:not([hidden])`);
    if (target) target.click();
    return Boolean(target);
  };
  const reasons = [...document.querySelectorAll("input[name=reason][type=radio]")];
  const rows = [...document.querySelectorAll("[data-row]")];
  const walk = (by) => {
    const some = rows.length ? rows : reasons;
    const at = rows.length ? rows.indexOf(document.activeElement) : reasons.findIndex((one) => one.checked);
    const next = some[Math.min(some.length - 1, Math.max(0, at + by))];
    if (!next) return false;
    if (rows.length) next.focus(); else next.checked = true;
    return true;
  };
  const isIdle = (at) => at === document.body || at === field || at.matches("[data-row], main");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const name = event.shiftKey && event.key.startsWith("F") && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    if (/^(Shift\+)?F\d+$|^Escape$/.test(name)) {
      if (event.repeat || sent || press(name)) event.preventDefault();
      return;
    }
    const isFree = isIdle(event.target) && (event.target !== field || !field.value);
    if (isFree && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (walk(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      return;
    }
    // Wherever the focus is on this page, what is typed or scanned goes into the field.
    if (field && event.key.length === 1 && event.key !== " " && isIdle(event.target)) field.focus();
  });

  const paper = document.getElementById("paper");
  if (paper) {
    const said = document.getElementById("paper-said");
    const step = paper.closest("[data-next]");
    let asked = false;
    document.getElementById("print").addEventListener("submit", () => { asked = true; delete step.dataset.printed; });
    const refused = () => {
      try { return paper.contentDocument.querySelector("[data-not-printed]").textContent; } catch { return paper.dataset.nothing; }
    };
    let before = Number(paper.dataset.before);
    paper.addEventListener("load", async () => {
      if (!asked) return;
      asked = false;
      // What a frame shows is not always told to its page; the server knows whether something came off the press.
      const answer = await fetch(paper.dataset.printings).catch(() => null);
      const now = answer && answer.ok && !answer.redirected ? (await answer.json()).printings : before;
      const came = now > before;
      before = now;
      said.textContent = came ? "" : refused();
      said.className = came ? "" : "accredit-faults";
      paper.className = came ? "desk-shown" : "";
      if (!came) return;
      step.dataset.printed = "yes";
      step.querySelectorAll("[data-until-printed]").forEach((one) => { one.hidden = true; });
      step.querySelectorAll("[data-once-printed]").forEach((one) => { one.hidden = false; });
      try { paper.contentWindow.print(); } catch { /* the viewer has a button of its own */ }
    });
    if ("printNow" in step.dataset) document.getElementById("print").requestSubmit();
  }

  const clock = document.getElementById("clock");
  if (clock && clock.dataset.clock) {
    setInterval(async () => {
      if (document.hidden) return;
      const answer = await fetch(clock.dataset.clock).catch(() => null);
      if (answer && answer.ok && !answer.redirected) clock.innerHTML = await answer.text();
    }, 20000);
  }
  document.body.dataset.keys = "ready";
})();
