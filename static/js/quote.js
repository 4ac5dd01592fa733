// Asks the server for the price of what is chosen; prices are computed nowhere else.
import { money, write } from "./mark.js";

for (const form of document.querySelectorAll("[data-quote]")) {
  const part = (name) => form.querySelector(`[data-quote-${name}]`);
  const fields = [...form.elements].filter((field) => field.name?.startsWith("quantity["));
  let asked;
  let timer;

  const refuse = (sentence) => {
    part("total").hidden = true;
    part("refusal").textContent = sentence ?? "";
    part("spoken").textContent = "";
  };

  const show = (quote) => {
    const amount = quote.total_cents ? money(quote.total_cents, quote.currency) : form.dataset.free;
    const saving = quote.discount_cents ? form.dataset.saving.replace("{amount}", money(quote.discount_cents, quote.currency)) : "";
    part("total").hidden = false;
    part("refusal").textContent = "";
    write(part("amount"), amount);
    write(part("note"), saving);
    part("spoken").textContent = [amount, saving].filter(Boolean).join(". ");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const chosen = fields.filter((field) => Number(field.value) > 0);
    if (!chosen.length) return refuse("");
    const query = new URLSearchParams(chosen.map((field) => [field.name, field.value]));
    for (const name of ["code", "payment"]) {
      if (form.elements[name]?.value) query.set(name, form.elements[name].value);
    }
    try {
      const answer = await fetch(`${form.dataset.quote}?${query}`, { signal: asked.signal, headers: { accept: "application/json" } });
      if (answer.ok) show(await answer.json());
      else refuse((await answer.json()).detail);
    } catch (failure) {
      if (failure.name !== "AbortError") refuse("");
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
