// The camera: pictures of it go to the gate one at a time, and what the gate says is shown like any other answer. The
// gate knows a code that is held before the camera; the page only names the answer that it shows.

import { take } from "./page.js";

const PACE_MS = 120;
const IDLE_PACE_MS = 350; // after a while in which nothing was seen
const IDLE_AFTER = 100;
const LONGEST_WAIT_MS = 8000;
const PATIENCE_MS = 15_000;
const WIDEST = 1280, HIGHEST = 1080; // the middle of the picture, in its own pixels: reducing it costs reach
const QUALITY = 0.8;
const KEPT = "camera";

const at = (id) => document.getElementById(id);
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));

class Camera {
  constructor(section) {
    this.section = section;
    this.words = section.dataset;
    this.video = at("camera-view");
    this.canvas = document.createElement("canvas");
    this.stream = null;
    this.round = 0; // grows with every start and stop, so that an older loop ends
    this.mark = "";
    this.quiet = 0;
    this.delay = 0;
  }

  get isOn() {
    return !this.section.hidden;
  }

  async toggle() {
    if (this.isOn) {
      this.stop();
      localStorage.removeItem(KEPT);
    } else {
      localStorage.setItem(KEPT, localStorage.getItem(KEPT) ?? "");
      await this.start();
    }
  }

  async start() {
    this.stop();
    const round = this.round;
    this.show(true);
    this.say(this.words.starting);
    try {
      const stream = await open(localStorage.getItem(KEPT) ?? "");
      if (round !== this.round) return release(stream);
      this.stream = stream;
    } catch (fault) {
      this.say(this.words[reason(fault)], "fault");
      return undefined;
    }
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => null);
    this.stream.getVideoTracks()[0].addEventListener("ended", () => round === this.round && this.start());
    this.say(this.words.hold);
    await this.offerTools();
    return this.work(round);
  }

  stop() {
    this.round += 1;
    release(this.stream);
    this.stream = null;
    this.video.srcObject = null;
    this.show(false);
  }

  show(isOn) {
    this.section.hidden = !isOn;
    this.section.dataset.seen = "";
    document.body.dataset.camera = isOn ? "on" : "off";
    at("camera-button").setAttribute("aria-pressed", String(isOn));
  }

  say(sentence, seen = "") {
    if (at("camera-hint").textContent !== sentence) at("camera-hint").textContent = sentence;
    this.section.dataset.seen = seen;
  }

  async work(round) {
    while (round === this.round) {
      if (mayLook()) await this.turn(round);
      else await wait(PACE_MS);
    }
  }

  async turn(round) {
    const picture = await this.shoot();
    const told = picture === null ? {} : await this.send(picture);
    if (round !== this.round) return;
    this.hear(told);
    await wait(this.delay || (this.quiet > IDLE_AFTER ? IDLE_PACE_MS : PACE_MS));
  }

  // The middle of the picture as a JPEG; null while the camera has none.
  shoot() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || this.video.readyState < 2) return Promise.resolve(null);
    const wide = Math.min(videoWidth, WIDEST), high = Math.min(videoHeight, HIGHEST);
    Object.assign(this.canvas, { width: wide, height: high });
    const left = (videoWidth - wide) / 2, top = (videoHeight - high) / 2;
    this.canvas.getContext("2d").drawImage(this.video, left, top, wide, high, 0, 0, wide, high);
    return new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  async send(picture) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const headers = { "Content-Type": "image/jpeg", "Kiosk-Shown": this.mark };
      const answer = await fetch("/api/frames", { method: "POST", headers, body: picture, signal: stop.signal });
      if (answer.status === 401) location.reload();
      return await answer.json();
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  hear(told) {
    if (told === null || told.code) {
      this.delay = Math.min(LONGEST_WAIT_MS, (this.delay || PACE_MS) * 2);
      this.say(told === null ? this.words.unreached : told.detail, "fault");
      return;
    }
    this.delay = told.seen === "no_decoder" ? 1000 : 0;
    this.quiet = told.seen === "nothing" ? this.quiet + 1 : 0;
    if (told.answer) {
      this.mark = told.mark;
      take(told.answer);
    }
    if (told.seen) this.say(told.hint || this.words.hold, told.seen);
  }

  // Which camera and whether it has a torch is known only once one was allowed.
  async offerTools() {
    const [track] = this.stream.getVideoTracks();
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput");
    const which = at("camera-which");
    which.replaceChildren(...cameras.map((each, number) => new Option(each.label || String(number + 1), each.deviceId)));
    which.value = track.getSettings().deviceId ?? "";
    which.closest("label").hidden = cameras.length < 2;
    at("camera-torch").hidden = !track.getCapabilities?.().torch;
    at("camera-torch").setAttribute("aria-pressed", "false");
  }

  async turnTorch() {
    const [track] = this.stream?.getVideoTracks() ?? [];
    const isLit = at("camera-torch").getAttribute("aria-pressed") !== "true";
    await track?.applyConstraints({ advanced: [{ torch: isLit }] }).then(
      () => at("camera-torch").setAttribute("aria-pressed", String(isLit)), () => null);
  }

  async choose(deviceId) {
    localStorage.setItem(KEPT, deviceId);
    at("verdict").focus({ preventScroll: true });
    await this.start();
  }
}

// Nobody looks at a hidden page, and who types a PIN presents no badge.
function mayLook() {
  return !document.hidden && document.querySelector("dialog[open]") === null;
}

async function open(deviceId) {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "SecurityError");
  const sharp = { width: { ideal: 1920 }, height: { ideal: 1080 }, advanced: [{ focusMode: "continuous" }] };
  const ask = (chosen) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...sharp, ...chosen } });
  const outward = { facingMode: { ideal: "environment" } };
  if (!deviceId) return ask(outward);
  // A camera that was unplugged since must not keep the lane without one.
  return ask({ deviceId: { exact: deviceId } }).catch((fault) => {
    if (fault.name !== "OverconstrainedError" && fault.name !== "NotFoundError") throw fault;
    return ask(outward);
  });
}

function release(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

function reason(fault) {
  if (fault.name === "NotAllowedError") return "denied";
  if (fault.name === "SecurityError") return "insecure";
  return fault.name === "NotReadableError" || fault.name === "AbortError" ? "busy" : "none";
}

const camera = new Camera(at("camera"));
at("camera-button").addEventListener("click", () => camera.toggle());
at("camera-torch").addEventListener("click", () => camera.turnTorch());
at("camera-which").addEventListener("change", (event) => camera.choose(event.target.value));
addEventListener("pagehide", () => camera.stop());
if (localStorage.getItem(KEPT) !== null) camera.start();
