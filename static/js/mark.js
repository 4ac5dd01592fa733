// Writes a text that changed in place and marks it for a moment.
export function write(element, text) {
  const before = element.textContent;
  if (before === text) return;
  element.textContent = text;
  if (!before) return;
  element.classList.remove("changed");
  void element.offsetWidth; // restarts the animation
  element.classList.add("changed");
}

// An amount in minor units, as the reader of this page writes it.
export function money(cents, currency) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(cents / 10 ** format.resolvedOptions().maximumFractionDigits);
}
