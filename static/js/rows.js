// One more field like the last of a list; without scripts the button asks for a page that has more.
for (const button of document.querySelectorAll("[data-rows-add]")) {
  const list = document.getElementById(button.dataset.rowsAdd);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const next = list.lastElementChild.cloneNode(true);
    const field = next.querySelector("input");
    const number = list.children.length;
    next.querySelector(".field__error")?.remove();
    field.value = "";
    field.id = `starts.${number}`;
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    field.setAttribute("aria-label", list.dataset.label.replace("{n}", number + 1));
    list.append(next);
    field.focus();
  });
}
