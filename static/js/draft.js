// What was typed into a form is kept in this browser for an hour, and put back where a field is still empty.
// Telephone numbers are never kept, nor is anything once the order is placed, or a form with data-draft-ends is sent.
const HOUR = 3_600_000;
const PREFIX = "draft:";

const fieldsOf = (form) => [...form.querySelectorAll("input:not([type=hidden]):not([type=tel]), textarea")];

function sweep(gone = () => false) {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const { until } = JSON.parse(localStorage.getItem(key));
    if (!(until > Date.now()) || gone(key)) localStorage.removeItem(key);
  }
}

function keep(key, form) {
  const typed = fieldsOf(form).filter(({ value }) => value).map(({ id, value }) => [id, value]);
  localStorage.setItem(key, JSON.stringify({ until: Date.now() + HOUR, typed: Object.fromEntries(typed) }));
}

// True when something was put back.
function restore(key, form) {
  const { typed = {} } = JSON.parse(localStorage.getItem(key) ?? "{}");
  const empty = fieldsOf(form).filter(({ id, value }) => !value && typed[id]);
  for (const field of empty) field.value = typed[field.id];
  return empty.length > 0;
}

function attach(form) {
  const key = PREFIX + form.dataset.draft;
  const note = form.querySelector("[data-draft-note]");
  note.hidden = !restore(key, form);
  note.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    for (const field of fieldsOf(form)) field.value = field.defaultValue;
    note.hidden = true;
  });
  form.addEventListener("input", () => keep(key, form));
  if ("draftEnds" in form.dataset) form.addEventListener("submit", () => localStorage.removeItem(key));
}

try {
  const placed = document.querySelector("[data-placed]")?.dataset.placed;
  sweep((key) => key === PREFIX + placed);
  for (const form of document.querySelectorAll("[data-draft]")) attach(form);
} catch {
  // Storage may be forbidden, full or garbled: the form works without it.
}
