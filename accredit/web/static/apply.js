// Shows the parts of the form that concern this person alone. Without this script all of them are there, and each says for whom.
const form = document.getElementById("apply");
if (form) {
  const has = (part) => part.querySelector(".is-invalid") !== null;
  const filled = (part) => [...part.querySelectorAll("input")].some((one) => one.value !== "");
  const show = (part, wanted) => { part.hidden = !(wanted || has(part) || filled(part)); };

  const latin = form.querySelector(".accredit-latin");
  const names = [form.elements.surname, form.elements.given_names];
  const other = (text) => [...text].some((sign) => /\p{Letter}/u.test(sign) && !/\p{Script=Latin}/u.test(sign));
  const spell = () => show(latin, names.some((one) => other(one.value)));

  const guardian = form.querySelector(".accredit-guardian");
  const [firstYear, firstMonth, firstDay] = guardian.dataset.firstDay.split("-").map(Number);
  const born = () => ["birth_year", "birth_month", "birth_day"].map((name) => Number(form.elements[name].value));
  const isMinor = () => {
    const [year, month, day] = born();
    if (!(year > 1900 && month && day)) return false;
    const years = firstYear - year - (firstMonth < month || (firstMonth === month && firstDay < day) ? 1 : 0);
    return years >= 0 && years < 18;
  };
  const guard = () => show(guardian, isMinor());

  const number = form.elements.grounds_pass_number.closest(".accredit-field");
  const hold = () => { number.hidden = form.elements.grounds_pass.value !== "yes" && !has(number); };

  const all = () => { spell(); guard(); hold(); };
  form.addEventListener("input", all);
  form.addEventListener("change", all);
  all();
}
