// After a form came back with something to look at, the reader starts there or at the first wrong field, and each link names its field, and whose it is; a box to tick is labelled by a whole sentence.
const summary = document.querySelector("[data-focus]");

for (const link of summary?.querySelectorAll(".notice__list a") ?? []) {
  const label = document.querySelector(`label[for="${CSS.escape(link.hash.slice(1))}"]:not(.check label)`);
  const name = label?.firstChild?.textContent.trim();
  const whose = label?.closest("[data-whose]")?.dataset.whose;
  if (name) link.prepend(`${whose ? `${whose}, ${name}` : name} – `);
}
(summary ?? document.querySelector("[aria-invalid=true]"))?.focus();
