// Refreshes what changes with time while somebody looks at it. Only pieces that changed are replaced, never one that holds the
// focus, and what was opened stays open. Without this script the page is as good as its last reload.
const bar = document.getElementById("refresh");
const EVERY = Number(bar.dataset.seconds) * 1000;
const fault = document.getElementById("refresh-fault");
const pause = document.getElementById("refresh-pause");
const shown = document.getElementById("refreshed");
let timer = 0;
let ended = false;

const isPaused = () => pause.getAttribute("aria-pressed") === "true";

function replacePieces(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const piece of fresh.querySelectorAll("[data-piece]")) {
    const old = shown.querySelector(`[data-piece="${piece.dataset.piece}"]`);
    if (!old || old.contains(document.activeElement)) continue;
    for (const details of old.querySelectorAll("details[open]")) {
      if (details.id) piece.querySelector(`#${details.id}`)?.setAttribute("open", "");
    }
    if (old.outerHTML !== piece.outerHTML) old.replaceWith(document.adoptNode(piece));
  }
}

async function refresh() {
  try {
    const answer = await fetch(bar.dataset.address, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.redirected || answer.status === 401 || answer.status === 403) {
      fault.textContent = bar.dataset.loggedOut;
      ended = true;
    } else if (answer.ok) {
      replacePieces(await answer.text());
      fault.textContent = "";
    } else {
      fault.textContent = bar.dataset.stopped;
    }
  } catch {
    fault.textContent = bar.dataset.stopped;
  }
  shown.dataset.refreshed = String(Number(shown.dataset.refreshed ?? 0) + 1);
}

function plan() {
  clearTimeout(timer);
  if (ended || isPaused() || document.hidden) return;
  timer = setTimeout(async () => { await refresh(); plan(); }, EVERY);
}

pause.addEventListener("click", async () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  if (!isPaused() && !ended) await refresh();
  plan();
});
document.addEventListener("visibilitychange", async () => {
  if (!document.hidden && !isPaused() && !ended) await refresh();
  plan();
});
bar.hidden = false;
plan();
