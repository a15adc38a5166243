// What is on the screen: the verdict, and after a while the empty page again, so that nobody walks in on an old green.

import { play } from "./sound.js";

const at = (id) => document.getElementById(id);
const body = document.body;
let back = 0;

export function show(answer) {
  clearTimeout(back);
  body.dataset.look = answer.look;
  body.dataset.reason = answer.reason ?? "";
  body.dataset.scan = answer.id ?? "";
  at("word").textContent = answer.word ?? "";
  at("word").classList.toggle("long", (answer.word ?? "").length > 7);
  at("label").textContent = answer.label ?? "";
  at("sentence").textContent = answer.sentence ?? "";
  at("where").textContent = answer.where ? `→ ${answer.where}` : "";
  showDocument(answer.document);
  at("details").replaceChildren(...(answer.details ?? []).map((text) => element("li", text)));
  showPerson(answer);
  play(answer.look);
  scrollTo(0, 0);
  const stays = answer.look === "admit" || answer.look === "out" ? body.dataset.admissionStays : body.dataset.othersStay;
  if (answer.look !== "off") back = setTimeout(showReady, stays * 1000);
}

export function showReady() {
  clearTimeout(back);
  body.dataset.look = "ready";
  body.dataset.reason = body.dataset.scan = "";
  at("word").textContent = at("word").dataset.ready;
  at("word").classList.remove("long");
  at("sentence").textContent = at("sentence").dataset.ready;
  for (const id of ["label", "where"]) at(id).textContent = "";
  at("details").replaceChildren();
  showDocument();
  showPerson({});
}

// A sentence that is no verdict, and no scan either.
export function note(sentence, look = "note", word = body.dataset.noteWord) {
  show({ look, word, sentence });
}

function showDocument(found) {
  const place = at("document");
  place.dataset.found = found ?? "";
  place.textContent = found ? place.dataset[found] : "";
}

function showPerson(answer) {
  const photo = at("photo");
  photo.hidden = true;
  photo.removeAttribute("src");
  if (answer.photo) {
    photo.onload = () => { photo.hidden = false; };
    photo.src = `/api/photos/${answer.id}`;
  }
  at("name").textContent = answer.name ?? "";
  at("organisation").textContent = answer.organisation ?? "";
  at("person").hidden = !answer.name && !answer.photo;
}

export function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
