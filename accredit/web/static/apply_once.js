// One press sends; the button rests until the answer is there. The server takes the same form once in any case.
document.querySelectorAll("form[data-once]").forEach((form) => {
  const button = form.querySelector("button");
  form.addEventListener("submit", () => { button.disabled = true; });
  window.addEventListener("pageshow", () => { button.disabled = false; });
});
