// One press sends; the button rests until the answer is there. The server takes the same form once in any case. Where the
// service cannot be reached, the page stays with everything in it and says so, and the next press sends it again.
document.querySelectorAll("form[data-once]").forEach((form) => {
  const button = form.querySelector("button");
  const { then, unreachable } = form.dataset;
  const told = document.createElement("p");
  told.className = "alert alert-warning mt-3";
  told.setAttribute("role", "alert");

  const send = async () => {
    told.remove();
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type === "opaqueredirect") window.location.assign(then);
      else form.submit(); // whatever else it answers is a page to be seen
    } catch {
      told.textContent = unreachable;
      form.append(told);
      button.disabled = false;
    }
  };

  form.addEventListener("submit", (event) => {
    button.disabled = true;
    if (!then) return;
    event.preventDefault();
    send();
  });
  window.addEventListener("pageshow", () => { button.disabled = false; });
});
