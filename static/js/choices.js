// A long list to tick: what is ticked comes first, and a line narrows the rest down.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const list of document.querySelectorAll("[data-choices]")) {
  const items = [...list.querySelectorAll(".choices__item")];
  const homes = new Map(items.map((item) => [item, item.parentElement]));
  const first = homes.get(items[0]) ?? list;
  const filter = document.createElement("input");
  filter.type = "search";
  filter.className = "input choices__filter";
  filter.placeholder = list.dataset.choices;
  filter.setAttribute("aria-label", list.dataset.choices);
  filter.autocomplete = "off";

  const arrange = () => {
    for (const item of items) homes.get(item).append(item);
    const heading = first.querySelector(".choices__heading");
    const ticked = items.filter((item) => item.querySelector("input").checked);
    heading ? heading.after(...ticked) : first.prepend(...ticked);
    list.scrollTop = 0;
  };
  const narrow = () => {
    for (const item of items) item.hidden = !plain(item.textContent).includes(plain(filter.value.trim()));
  };

  filter.addEventListener("input", narrow);
  filter.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  list.addEventListener("change", (event) => {
    if (!filter.value) return;
    filter.value = "";
    narrow();
    arrange();
    event.target.focus();
  });
  list.before(filter);
  arrange();
}
