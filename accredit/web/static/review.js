// Keys for what stands on the page as links, buttons, choices and panels; and the note about who else has it open.
// Whoever types into a field, or switched single keys off, is left alone.
"use strict";
(() => {
  const OFF = "accredit-keys-off";
  const isOff = () => localStorage.getItem(OFF) === "yes";
  const typing = (at) => at.isContentEditable || (at.matches("input, select, textarea") && !at.matches("[type=radio], [type=checkbox]"));
  const rows = [...document.querySelectorAll("[data-row]")];

  const use = (target) => {
    if (target.matches("[type=radio]")) { target.checked = true; target.focus(); return; }
    if (target.matches("summary")) {
      const panel = target.parentElement;
      panel.open = !panel.open;
      const first = panel.querySelector("input:not([type=hidden]), select, textarea, button, a");
      (panel.open && first ? first : target).focus();
      return;
    }
    if (target.matches("input")) { target.focus(); target.select(); return; }
    target.click();
  };

  const step = (by) => {
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    rows[next].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (isOff() && key !== "?") return;
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target) { event.preventDefault(); use(target); return; }
    if (rows.length && (key === "j" || key === "k")) { event.preventDefault(); step(key === "j" ? 1 : -1); }
  });

  // Escape leaves a field, so that the keys count again.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
  });

  const keysSwitch = document.querySelector("[data-keys-switch]");
  if (keysSwitch) {
    const box = keysSwitch.querySelector("input");
    box.checked = !isOff();
    keysSwitch.hidden = false;
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
  }

  // One press is enough: the second one of a double click goes nowhere.
  for (const form of document.querySelectorAll("form[method=post]")) {
    let sent = false;
    form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
    window.addEventListener("pageshow", () => { sent = false; });
  }

  const side = document.querySelector(".review-side");
  if (side) {
    const margin = 16;
    const place = () => {
      const top = Math.min(margin, document.documentElement.clientHeight - side.offsetHeight - margin);
      side.style.setProperty("--review-top", `${top}px`);
    };
    new ResizeObserver(place).observe(side);
    window.addEventListener("resize", place);
  }

  const note = document.querySelector("[data-presence]");
  const address = note && note.dataset.presence;
  if (address) {
    const token = document.querySelector("input[name=csrf_token]").value;
    const tell = async () => {
      if (document.hidden) return;
      const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
      if (!answer || !answer.ok) return;
      const told = (await answer.json()).notes.join(" ");
      if (note.textContent !== told) note.textContent = told;
      note.hidden = !told;
    };
    tell();
    setInterval(tell, 30000);
  }
})();
