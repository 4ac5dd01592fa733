// Puts a step on either side of a number field: fewer, more.
function step(field, by, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quantity__step";
  button.textContent = by < 0 ? "−" : "+";
  button.setAttribute("aria-label", label);
  button.addEventListener("click", () => {
    field.value = Math.min(Math.max((Number(field.value) || 0) + by, Number(field.min)), Number(field.max));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return button;
}

for (const frame of document.querySelectorAll("[data-quantity]")) {
  const field = frame.querySelector("input");
  const fewer = step(field, -1, frame.dataset.fewer);
  const more = step(field, 1, frame.dataset.more);
  const settle = () => {
    fewer.disabled = field.disabled || Number(field.value) <= Number(field.min);
    more.disabled = field.disabled || Number(field.value) >= Number(field.max);
  };
  frame.classList.add("quantity--stepped");
  field.before(fewer);
  field.after(more);
  field.addEventListener("input", settle);
  // The number of seats left may change while the page is open.
  new MutationObserver(settle).observe(field, { attributeFilter: ["max"] });
  settle();
}
