// After a form came back with something to look at, the reader starts there or at the first wrong field, and each link names its field; a box to tick is labelled by a whole sentence.
const summary = document.querySelector("[data-focus]");

for (const link of summary?.querySelectorAll(".notice__list a") ?? []) {
  const label = document.querySelector(`label[for="${CSS.escape(link.hash.slice(1))}"]:not(.check label)`)?.firstChild?.textContent.trim();
  if (label) link.prepend(`${label} – `);
}
(summary ?? document.querySelector("[aria-invalid=true]"))?.focus();
