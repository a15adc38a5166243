// What a verdict sounds and feels like, made here: rising for admit, twice the same for ask, low and long for refuse.

const TONES = {
  admit: [[660, 0, 0.09], [990, 0.1, 0.16]],
  out: [[520, 0, 0.12]],
  ask: [[600, 0, 0.18], [600, 0.28, 0.18]],
  refuse: [[160, 0, 0.6], [120, 0.05, 0.6]],
  undone: [[500, 0, 0.1], [380, 0.12, 0.14]],
  note: [[440, 0, 0.08]],
  paper: [[900, 0, 0.15], [300, 0.2, 0.15], [900, 0.4, 0.15], [300, 0.6, 0.3]],
  off: [[300, 0, 0.3], [200, 0.3, 0.5]],
};
const SHAKES = { admit: [60], out: [40], ask: [150, 100, 150], refuse: [500], paper: [300, 100, 300, 100, 300], off: [600] };

let context = null;
let isOn = localStorage.getItem("sound") !== "off";

export function soundIsOn() {
  return isOn;
}

export function turnSound(on) {
  isOn = on;
  localStorage.setItem("sound", on ? "on" : "off");
}

export function play(look) {
  navigator.vibrate?.(SHAKES[look] ?? []);
  if (!isOn || !TONES[look]) return;
  context ??= new AudioContext();
  context.resume();
  for (const [pitch, from, lasts] of TONES[look]) tone(pitch, context.currentTime + from, lasts, look === "refuse" ? "square" : "triangle");
}

function tone(pitch, from, lasts, form) {
  const voice = context.createOscillator();
  const volume = context.createGain();
  voice.type = form;
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, from);
  volume.gain.exponentialRampToValueAtTime(0.5, from + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
  voice.connect(volume).connect(context.destination);
  voice.start(from);
  voice.stop(from + lasts);
}
