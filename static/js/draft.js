// What was typed into a form is kept in this browser for an hour, and put back when its page is opened anew.
// Telephone numbers are never kept, nor is anything once a page tells that the form was taken: data-placed names its draft.
const HOUR = 3_600_000;
const PREFIX = "draft:";
const FIELDS = "input:not([type=hidden], [type=tel], [type=file], [type=radio]), select, textarea";

const nameOf = ({ id, name }) => id || name;
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter(nameOf);
const typedInto = (key) => JSON.parse(localStorage.getItem(key) ?? "{}").typed ?? {};
const read = (field) => (field.type === "checkbox" ? field.checked : field.value);

function write(field, typed) {
  if (field.type === "checkbox") field.checked = typed;
  else field.value = typed;
}

function sweep(gone) {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const { until } = JSON.parse(localStorage.getItem(key));
    if (!(until > Date.now()) || gone(key)) localStorage.removeItem(key);
  }
}

function keep(key, field) {
  const typed = { ...typedInto(key), [nameOf(field)]: read(field) };
  localStorage.setItem(key, JSON.stringify({ until: Date.now() + HOUR, typed }));
}

// True when something was put back. A form that came back with something to look at shows what was typed already.
function restore(key, form) {
  if (form.querySelector("[data-focus]")) return false;
  const typed = typedInto(key);
  const others = fieldsOf(form).filter((field) => nameOf(field) in typed && typed[nameOf(field)] !== read(field));
  for (const field of others) {
    write(field, typed[nameOf(field)]);
    field.closest("details")?.setAttribute("open", "");
  }
  return others.length > 0;
}

function attach(form) {
  const key = PREFIX + form.dataset.draft;
  const note = form.querySelector("[data-draft-note]");
  note.hidden = !restore(key, form);
  note.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    note.hidden = true;
  });
  form.addEventListener("input", ({ target }) => fieldsOf(form).includes(target) && keep(key, target));
}

try {
  const placed = [...document.querySelectorAll("[data-placed]")].map(({ dataset }) => PREFIX + dataset.placed);
  sweep((key) => placed.includes(key));
  for (const form of document.querySelectorAll("[data-draft]")) attach(form);
} catch {
  // Storage may be forbidden, full or garbled: the form works without it.
}
