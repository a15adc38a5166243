// Offers names of listed bodies while one types: the combobox pattern of ARIA 1.2 with a list. Without this script the field is
// a plain one, and whatever is typed may be sent in either case.
const field = document.querySelector("input[data-names]");
if (field) {
  const box = document.createElement("div");
  box.className = "accredit-combobox";
  field.replaceWith(box);
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.list);
  const told = document.createElement("p");
  told.className = "accredit-none";
  told.setAttribute("role", "status");
  box.append(field, list, told);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
  })) field.setAttribute(name, value);

  let offers = [];
  let at = -1;
  let waits = 0;
  let asking = null;

  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const mark = (next) => {
    at = next;
    [...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", list.children[at].id);
    return list.children[at].scrollIntoView({ block: "nearest" });
  };

  const fillIn = (name, value) => {
    const other = document.querySelector(`select[name="${name}"]`);
    if (other && value && !other.value && [...other.options].some((one) => one.value === value)) other.value = value;
  };

  const choose = (number) => {
    const chosen = offers[number];
    field.value = chosen.name;
    fillIn("organisation_country", chosen.country_code);
    fillIn("category", chosen.category);
    told.textContent = [chosen.list, chosen.country].filter(Boolean).join(" · ");
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const item = (offer, number) => {
    const line = document.createElement("li");
    line.id = `${list.id}-${number}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    const name = document.createElement("bdi");
    name.textContent = offer.name;
    const more = document.createElement("small");
    more.textContent = [offer.also, offer.list, offer.country].filter(Boolean).join(" · ");
    line.append(name, more);
    line.addEventListener("pointerdown", (event) => event.preventDefault());
    line.addEventListener("click", () => choose(number));
    return line;
  };

  const show = (answers, typed) => {
    offers = answers;
    at = -1;
    list.replaceChildren(...offers.map(item));
    list.hidden = offers.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    if (!list.hidden) list.scrollIntoView({ block: "nearest" });
    if (offers.length) told.textContent = field.dataset.found.replace("{count}", offers.length);
    else told.textContent = typed.length > 3 ? field.dataset.none : "";
  };

  const ask = async () => {
    const typed = field.value.trim();
    asking?.abort();
    if (typed.length < 2) return show([], "");
    asking = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.names}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === field) show((await answer.json()).answers, typed);
    } catch {
      // No network just now, or a newer question: the field stays a plain one.
    }
    return undefined;
  };

  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, 120);
  });
  field.addEventListener("blur", () => {
    if (!list.hidden) told.textContent = "";
    close();
  });
  field.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && offers.length) {
      event.preventDefault();
      if (list.hidden) { list.hidden = false; field.setAttribute("aria-expanded", "true"); }
      const count = offers.length;
      mark(at < 0 && event.key === "ArrowUp" ? count - 1 : (at + steps[event.key] + count) % count);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(at);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
}
