// The strip, the counters and the last scans, asked for every two seconds and after every scan.

import { ask } from "./asking.js";
import { element, note, showReady } from "./showing.js";
import { play } from "./sound.js";

const EVERY_MS = 2000;
const FULL_AT = [1, 25, 100, 500, 2000];
const at = (id) => document.getElementById(id);
let timer = 0;
let wasReached = true;

export async function refresh() {
  clearTimeout(timer);
  const state = await ask("state");
  if (state === null || state.code) unreachable();
  else draw(state);
  clearTimeout(timer);
  timer = setTimeout(refresh, EVERY_MS);
}

function unreachable() {
  if (wasReached) note(document.body.dataset.unreachable, "paper", document.body.dataset.paperWord);
  wasReached = false;
  mark("network", false);
}

export function draw(state) {
  const body = document.body;
  if (!wasReached && body.dataset.look === "paper") showReady();
  wasReached = true;
  if (state.off && body.dataset.look !== "off") note(body.dataset.off, "off", body.dataset.offWord);
  for (const [verdict, count] of Object.entries(state.today ?? {})) at(`count-${verdict}`).textContent = count;
  at("inside").textContent = state.capacity ? `${state.inside} / ${state.capacity}` : state.inside ?? "–";
  at("on-paper").textContent = state.on_paper;
  at("paper-count").hidden = !state.on_paper;
  drawStrip(state);
  drawLast(state.last);
  drawAlerts(state.alerts);
  const door = at("held-open");
  door.textContent = state.held_open ? ` ${door.dataset.until} ${state.held_open}` : "";
  at("officer").textContent = state.officer || "?";
  at("names").setAttribute("aria-pressed", String(state.names));
  for (const button of document.querySelectorAll("button[data-direction]")) {
    button.setAttribute("aria-pressed", String(button.dataset.direction === state.direction));
  }
  body.dataset.direction = state.direction;
}

function drawStrip(state) {
  mark("network", state.network === "good", state.network_says);
  mark("list", state.list_good !== false && state.list !== undefined, state.list ?? at("list").querySelector("dd").dataset.none);
  mark("clock", state.clock_good !== false, state.clock ?? "–");
  const waiting = at("waiting");
  waiting.querySelector(".many").textContent = state.waiting;
  waiting.querySelectorAll(".battery i").forEach((bar, index) => bar.classList.toggle("full", state.waiting >= FULL_AT[index]));
  waiting.classList.toggle("bad", state.waiting >= FULL_AT[3]);
  at("set-aside").hidden = !state.set_aside;
  mark("set-aside", false, state.set_aside);
}

function mark(id, isGood, says) {
  at(id).classList.toggle("bad", !isGood);
  if (says !== undefined) at(id).querySelector("dd").textContent = says;
}

function drawLast(scans) {
  const list = at("last");
  const rows = scans.map((scan) => {
    const row = element("li", "", scan.look);
    row.dataset.scan = scan.id;
    row.append(element("time", scan.at), element("b", scan.label), element("span", scan.who));
    return row;
  });
  list.replaceChildren(...(rows.length ? rows : [element("li", list.dataset.none, "none")]));
}

// Shown once at each lane: it stays until the officer says that it was seen.
function drawAlerts(alerts) {
  const place = at("alerts");
  const shown = [...place.children].map((each) => each.dataset.alert).join();
  if (alerts.map((each) => each.id).join() === shown) return;
  place.replaceChildren(...alerts.map((alert) => {
    const row = element("p", alert.sentence);
    const button = element("button", place.dataset.seen);
    row.dataset.alert = button.dataset.sawAlert = alert.id;
    row.setAttribute("role", "alert");
    button.type = "button";
    row.append(button);
    return row;
  }));
  place.hidden = !alerts.length;
  if (alerts.length) play("paper");
}
