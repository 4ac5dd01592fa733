// Asks the server for the price of what is chosen; prices are computed nowhere else.
import { money, write } from "./mark.js";

// What is wrong about one field is said beside it, as the page does, until the reader changes the field.
function say(field, sentence) {
  const id = `${field.id}-error`;
  let note = document.getElementById(id);
  if (!note) {
    note = document.querySelector("template[data-quote-error]").content.firstElementChild.cloneNode(true);
    note.id = id;
    note.append(document.createElement("span"));
    (field.closest(".type__foot") ?? field).after(note);
  }
  note.lastElementChild.textContent = sentence;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  field.addEventListener("input", () => unsay(field, note), { once: true });
}

function unsay(field, note) {
  note.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

for (const form of document.querySelectorAll("[data-quote]")) {
  const part = (name) => form.querySelector(`[data-quote-${name}]`);
  const fields = [...form.elements].filter((field) => field.name?.startsWith("quantity["));
  let asked;
  let timer;

  const clear = () => {
    part("total").hidden = true;
    part("refusal").textContent = "";
    part("spoken").textContent = "";
  };

  const refuse = ({ ticket_type_id: type, detail }) => {
    clear();
    const field = form.elements[`quantity[${type}]`];
    if (!field) return void (part("refusal").textContent = detail);
    say(field, detail);
    part("total").hidden = false;
    part("amount").textContent = "–";
    part("note").textContent = "";
    part("spoken").textContent = detail;
  };

  const show = (quote, warning) => {
    const amount = quote.total_cents ? money(quote.total_cents, quote.currency) : form.dataset.free;
    const saving = quote.discount_cents ? form.dataset.saving.replace("{amount}", money(quote.discount_cents, quote.currency)) : "";
    part("total").hidden = false;
    part("refusal").textContent = "";
    write(part("amount"), amount);
    write(part("note"), saving);
    part("spoken").textContent = [warning, amount, saving].filter(Boolean).join(". ");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const chosen = fields.filter((field) => Number(field.value) > 0);
    if (!chosen.length) return clear();
    const query = new URLSearchParams(chosen.map((field) => [field.name, field.value]));
    for (const name of ["code", "payment"]) {
      if (form.elements[name]?.value) query.set(name, form.elements[name].value);
    }
    const answer = () => fetch(`${form.dataset.quote}?${query}`, { signal: asked.signal, headers: { accept: "application/json" } });
    try {
      let said = await answer();
      let told = await said.json();
      let warning;
      if (told.code?.startsWith("code_")) {
        // A code that does not count costs nobody the sight of the price.
        warning = told.detail;
        say(form.elements.code, warning);
        query.delete("code");
        said = await answer();
        told = await said.json();
      }
      if (said.ok) show(told, warning);
      else refuse(told);
    } catch (failure) {
      if (failure.name !== "AbortError") clear();
    }
  };

  for (const field of [...fields, ...form.querySelectorAll("[name=payment]")]) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 180);
    });
  }
  ask();
}
