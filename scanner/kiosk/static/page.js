// One lane's page: what the officer does with hands and keys becomes an offer, and the answer is shown.

import { ask, offer } from "./asking.js";
import { Dialogs } from "./dialogs.js";
import { Keyboard } from "./keyboard.js";
import { isZoneLine } from "./keys.js";
import { note, show } from "./showing.js";
import { soundIsOn, turnSound } from "./sound.js";
import { draw, refresh } from "./state.js";

const body = document.body;
const verdict = document.getElementById("verdict");

// Every scan ends here, wherever it came from.
export async function present(told) {
  take(await offer(told));
}

export function take(answer) {
  if (answer === null) note(body.dataset.unreachable, "paper", body.dataset.paperWord);
  else if (answer.code) refused(answer);
  else {
    dialogs.closeAll();
    show(answer);
  }
  refresh();
}

function refused(problem) {
  note(problem.detail);
  if (problem.code === "officer_needed") dialogs.open("shift-dialog");
  if (problem.code === "checkpoint_needed") dialogs.open("checkpoint-dialog");
}

async function change(path, told) {
  const state = await ask(path, told);
  if (state !== null && !state.code) draw(state);
  return state;
}

const dialogs = new Dialogs({ present, take, change, home: () => verdict.focus({ preventScroll: true }) });

const actions = {
  F1: () => dialogs.open("keys-dialog"),
  F2: () => dialogs.open("code-dialog"),
  F3: () => dialogs.open("document-dialog"),
  F4: () => present({ kind: "no_document" }),
  F10: () => dialogs.open("supervisor-dialog"),
  Delete: () => present({ kind: "refuse" }),
  Insert: () => document.getElementById("camera-button")?.click(),
  Home: () => change("direction", { direction: "entry" }),
  End: () => change("direction", { direction: "exit" }),
  "Control+Z": () => present({ kind: "undo" }),
};
document.querySelectorAll("[data-sight][aria-keyshortcuts]").forEach((button) => {
  actions[button.getAttribute("aria-keyshortcuts")] = () => button.click();
});

new Keyboard({
  actions,
  read: (readings) => {
    if (readings.some(isZoneLine)) note(body.dataset.documentFirst);
    else present({ kind: "code", readings });
  },
  isInDialog: () => dialogs.current !== null,
  zoneSign: (reading) => dialogs.takeZone(reading),
}).listen();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { word, sight, direction, language, opens, sawAlert } = button.dataset;
  if (word) present({ kind: word });
  else if (sight) present({ kind: "sight", text: sight });
  else if (direction) change("direction", { direction });
  else if (language) change("language", { language }).then(() => location.reload());
  else if (opens) dialogs.open(opens);
  else if (sawAlert) change(`alerts/${sawAlert}`, {});
  else if (button.id === "theme") turnTheme();
  else if (button.id === "menu") turnMenu(button);
  else if (button.id === "sound") button.setAttribute("aria-pressed", String((turnSound(!soundIsOn()), soundIsOn())));
  // A button that was pressed by hand gives the focus back: the reader's Enter shall press nothing.
  if (event.detail > 0 && dialogs.current === null) verdict.focus({ preventScroll: true });
});

function turnMenu(button) {
  const opens = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(opens));
  document.getElementById("tools").classList.toggle("open", opens);
}

function turnTheme() {
  const isDark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "bright" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

function watchFocus() {
  const warning = document.getElementById("aside-warning");
  const look = () => { warning.hidden = document.hasFocus(); };
  addEventListener("focus", () => {
    look();
    if (document.activeElement === body && dialogs.current === null) verdict.focus({ preventScroll: true });
  });
  addEventListener("blur", look);
  look();
}

async function listen() {
  let after = 0;
  for (;;) {
    const heard = await ask(`answers?after=${after}`, undefined, 40_000);
    if (heard === null || heard.code) await new Promise((wake) => setTimeout(wake, 1000));
    else {
      heard.answers.forEach(take);
      after = heard.after;
    }
  }
}

async function begin() {
  const kept = localStorage.getItem("theme");
  if (kept) document.documentElement.dataset.theme = kept;
  document.getElementById("sound").setAttribute("aria-pressed", String(soundIsOn()));
  watchFocus();
  verdict.focus({ preventScroll: true });
  const state = await ask("state");
  if (state !== null && !state.code) draw(state);
  if (state && !state.off && !state.checkpoint) dialogs.open("checkpoint-dialog");
  else if (state && !state.off && !state.officer) dialogs.open("shift-dialog");
  navigator.wakeLock?.request("screen").catch(() => null);
  refresh();
  if (body.dataset.listens) listen();
  body.dataset.page = "ready";
}

begin();
