// What a reader typed. A keyboard reader sends keys, not signs: on a machine with another layout the signs come out
// spoiled, so each key is read twice, as the sign that a US keyboard has at that place (event.code) and as the sign that
// this machine makes of it (event.key). The first reading that begins like a code wins.

const PLAIN = {
  Space: " ", Minus: "-", Equal: "=", Slash: "/", Period: ".", Comma: ",", Semicolon: ";", Backquote: "`",
  IntlBackslash: "<",
  NumpadAdd: "+", NumpadSubtract: "-", NumpadMultiply: "*", NumpadDivide: "/", NumpadDecimal: ".",
};
const SHIFTED = { Minus: "_", Equal: "+", Slash: "?", Period: ">", Comma: "<", Semicolon: ":", Backquote: "~", IntlBackslash: ">" };
const DIGITS_SHIFTED = ")!@#$%^&*(";
const PREFIXES = ["SEP1:", "SEC1:", "SER1:"];
const LONGEST = 4096;
// What was begun without a prefix and then left alone is a slip of the hand, not the start of the next code.
const FORGOTTEN_MS = 5000;

export function physicalSign(event) {
  const code = event.code || "";
  if (/^Key[A-Z]$/.test(code)) return code[3];
  if (/^Digit\d$/.test(code)) return event.shiftKey ? DIGITS_SHIFTED[code[5]] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return (event.shiftKey && SHIFTED[code]) || PLAIN[code] || "";
}

export function writtenSign(event) {
  return event.key && event.key.length === 1 ? event.key.toUpperCase() : "";
}

export class Reading {
  constructor() {
    this.clear();
  }

  clear() {
    this.physical = "";
    this.written = "";
    this.at = 0;
  }

  // Takes one key; true where it is a sign.
  take(event) {
    const physical = physicalSign(event);
    const written = writtenSign(event);
    if (!physical && !written) return false;
    if (!this.isCode && event.timeStamp - this.at > FORGOTTEN_MS) this.clear();
    this.at = event.timeStamp;
    if (this.physical.length < LONGEST) this.physical += physical || written;
    if (this.written.length < LONGEST) this.written += written || physical;
    return true;
  }

  // Whether one of the two readings has the beginning of a code in it.
  get isCode() {
    return begun(this.physical) >= 0 || begun(this.written) >= 0;
  }

  get isEmpty() {
    return !this.physical;
  }

  // Whether this might be a short code that a reader read, so that its Enter presses no button.
  get isShortCode() {
    return [this.physical, this.written].some((text) => text.replace(/[ -]/g, "").length === 9);
  }

  // The readings, the likelier first and each once; the reading begins anew.
  end() {
    const readings = [this.physical, this.written].map((text) => {
      const start = begun(text);
      return { text: start < 0 ? text : text.slice(start), sure: start >= 0 };
    });
    this.clear();
    const sure = readings.filter((each) => each.sure);
    return [...new Set((sure.length ? sure : readings).map((each) => each.text.trim()))].filter(Boolean);
  }
}

function begun(text) {
  return Math.max(...PREFIXES.map((prefix) => text.indexOf(prefix)));
}

// The lines of a document's zone as far as they are complete: two of 44 or 36, or three of 30.
export function isWholeZone(text) {
  const lines = text.toUpperCase().split(/\s+/).filter(Boolean);
  if (!lines.every((line) => /^[A-Z0-9<]+$/.test(line))) return false;
  const lengths = lines.map((line) => line.length).join();
  return ["44,44", "36,36", "30,30,30"].includes(lengths);
}

// Whether this is one line of such a zone: a document that was read before anybody asked for it.
export function isZoneLine(text) {
  return /^[A-Z0-9<]+$/.test(text) && text.includes("<") && [30, 36, 44].includes(text.length);
}
