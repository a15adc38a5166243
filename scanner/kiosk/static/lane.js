// The door of a lane: the PIN and the lane's name go to the gate, and the page of the lane opens.

const form = document.getElementById("lane-form");
const fault = document.getElementById("fault");
const takeOver = document.getElementById("take-over");

document.getElementById("no-camera").hidden = window.isSecureContext && Boolean(navigator.mediaDevices);

function say(sentence, field) {
  fault.textContent = sentence;
  fault.hidden = false;
  for (const name of ["lane", "pin"]) {
    form.elements[name].toggleAttribute("aria-invalid", name === field);
    if (name === field) form.elements[name].setAttribute("aria-errormessage", "fault");
    else form.elements[name].removeAttribute("aria-errormessage");
  }
  if (field in form.elements) form.elements[field].focus();
  else fault.focus();
}

async function comeIn() {
  const answer = await fetch("/api/lanes", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      lane: form.elements.lane.value,
      pin: form.elements.pin.value,
      take_over: takeOver.checked,
      language: form.dataset.language,
    }),
  });
  if (answer.ok) {
    location.replace("/");
    return;
  }
  const told = await answer.json();
  if (told.code === "lane_taken") document.getElementById("take-over-row").hidden = false;
  else form.elements.pin.value = "";
  say(told.detail, told.field);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await comeIn();
  } catch {
    say(form.dataset.unreachable, "");
  } finally {
    button.disabled = false;
  }
});
