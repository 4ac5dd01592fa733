// The account menu closes on Escape and on a click elsewhere.
for (const menu of document.querySelectorAll("[data-menu]")) {
  const close = () => menu.removeAttribute("open");
  document.addEventListener("click", (event) => menu.contains(event.target) || close());
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    menu.querySelector("summary").focus();
  });
}

// Where one is stays in sight, however far its row of places or tabs has to be scrolled.
for (const here of document.querySelectorAll(".rail__places [aria-current], .tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}
