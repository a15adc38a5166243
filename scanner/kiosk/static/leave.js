// A tablet stops being a lane: its name is free again, and the PIN is asked for before it is one anew.

const button = document.getElementById("leave");

button.addEventListener("click", async () => {
  if (!confirm(button.dataset.sure)) return;
  await fetch("/api/lanes/leave", { method: "POST" }).catch(() => null);
  location.reload();
});
