// The few questions that need more than one key. A code that a reader reads meanwhile closes them: the queue goes first.

import { ask, newId } from "./asking.js";
import { isWholeZone } from "./keys.js";
import { element } from "./showing.js";

// Answers that are shown where a verdict would be; the others are the new state.
const SHOWN = new Set(["supervisor", "door", "head-count"]);

export class Dialogs {
  constructor({ present, take, change, home }) {
    Object.assign(this, { present, take, change, home });
    this.current = null;
    this.physicalZone = "";
    for (const dialog of document.querySelectorAll("dialog")) this.prepare(dialog);
  }

  prepare(dialog) {
    dialog.addEventListener("close", () => {
      if (this.current === dialog) this.current = null;
      document.getElementById("names-inside").replaceChildren();
      this.home();
    });
    dialog.querySelectorAll("[data-closes]").forEach((button) => button.addEventListener("click", () => dialog.close()));
    const form = dialog.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(dialog, form);
    });
  }

  open(id) {
    this.closeAll();
    const dialog = document.getElementById(id);
    dialog.querySelector("form")?.reset();
    this.fault(dialog, "");
    this.physicalZone = "";
    this.current = dialog;
    dialog.showModal();
    if (id === "inside-dialog") this.countInside();
  }

  closeAll() {
    this.current?.close();
    this.current = null;
  }

  async submit(dialog, form) {
    const told = Object.fromEntries(new FormData(form));
    if (form.dataset.url === "offers") {
      this.offer(dialog, told);
      return;
    }
    const path = form.dataset.url;
    if (path === "inside") {
      this.nameInside(dialog, await ask(path, told));
      return;
    }
    const answer = SHOWN.has(path) ? await ask(path, { id: newId(), ...told }) : await this.change(path, told);
    if (answer === null) this.take(null);
    else if (answer.code && answer.field) this.fault(dialog, answer.detail, answer.field);
    else if (SHOWN.has(path) || answer.code) this.take(answer);
    else {
      dialog.close();
      if (path === "checkpoint") location.reload();
    }
  }

  offer(dialog, { typed, grounds, zone }) {
    if (zone !== undefined) this.offerZone(zone);
    else if (typed?.trim()) this.present({ kind: "code", readings: [typed.trim()] });
    else if (grounds?.trim()) this.present({ kind: "grounds", text: grounds.trim() });
    else dialog.querySelector("input").focus();
  }

  // A line of the zone: written into its field, and offered once the zone is whole in either reading.
  takeZone({ physical, end }) {
    const field = document.getElementById("zone");
    if (end) {
      this.offerZone(field.value);
      return;
    }
    field.value += "\n";
    this.physicalZone += `${physical}\n`;
    if (isWholeZone(field.value) || isWholeZone(this.physicalZone)) this.offerZone(field.value);
  }

  offerZone(written) {
    const readings = [this.physicalZone, written].map((text) => text.trim().toUpperCase());
    const whole = readings.filter(isWholeZone);
    const best = [...new Set(whole.length ? whole : [readings[1]])].filter(Boolean);
    if (best.length) this.present({ kind: "document", readings: best });
  }

  async countInside() {
    document.getElementById("names-inside").replaceChildren();
    const found = await ask("inside");
    if (found === null || found.code) return;
    document.getElementById("inside-rests-on").textContent = found.rests_on;
    document.getElementById("places").replaceChildren(...found.places.map(([place, ...counts]) => {
      const row = document.createElement("tr");
      row.append(element("th", place), ...counts.map((count) => element("td", count ?? "–")));
      row.firstChild.scope = "row";
      return row;
    }));
  }

  // Names are shown here and nowhere else, and are gone when the dialog is.
  nameInside(dialog, answer) {
    if (answer === null || answer.code) this.fault(dialog, answer?.detail ?? "", answer?.field);
    else document.getElementById("names-inside").replaceChildren(...answer.names.map((name) => element("li", name)));
  }

  fault(dialog, sentence, field = "") {
    const place = dialog.querySelector(".fault");
    if (place) place.textContent = sentence;
    if (field) {
      const input = dialog.querySelector(`[name=${field}]`);
      input?.focus();
      input?.select?.();
    }
  }
}
