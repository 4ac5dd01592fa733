// A list of fields grows by one as soon as its last is filled in.
for (const list of document.querySelectorAll("[data-rows]")) {
  list.addEventListener("input", () => {
    const last = list.lastElementChild;
    if (!last.querySelector("input").value) return;
    const next = last.cloneNode(true);
    const field = next.querySelector("input");
    const number = list.children.length;
    next.querySelector(".field__error")?.remove();
    field.value = "";
    field.id = `starts.${number}`;
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    field.setAttribute("aria-label", list.dataset.label.replace("{n}", number + 1));
    list.append(next);
  });
}
