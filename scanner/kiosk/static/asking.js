// Talking to the scanner's program: one JSON object there, one back. An offer keeps its id, so that the same offer sent
// again after a lost answer is the same scan and gets the same verdict.

const PATIENCE_MS = 4000;

// A UUID of version 7: the milliseconds, then random bits.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// The answer, or a problem {status, code, detail, field}; null where the program cannot be reached.
export async function ask(path, told, patience = PATIENCE_MS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const asked = told === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(told),
    };
    const answer = await fetch(`/api/${path}`, { ...asked, signal: stop.signal, cache: "no-store" });
    if (answer.status === 401) location.reload();
    return await answer.json();
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// One after the other, in the order in which the people stand there.
let before = Promise.resolve();

export function offer(told) {
  const whole = { id: newId(), ...told };
  const answered = before.then(async () => (await ask("offers", whole)) ?? ask("offers", whole));
  before = answered.catch(() => null);
  return answered;
}
