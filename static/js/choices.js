// A long list to tick: what is ticked comes first, and a line narrows the rest down.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const list of document.querySelectorAll("[data-choices]")) {
  const items = [...list.children];
  const order = new Map(items.map((item, place) => [item, place]));
  const filter = document.createElement("input");
  filter.type = "search";
  filter.className = "input choices__filter";
  filter.placeholder = list.dataset.choices;
  filter.setAttribute("aria-label", list.dataset.choices);
  filter.autocomplete = "off";

  const arrange = () => {
    const ticked = (item) => Number(item.querySelector("input").checked);
    list.append(...items.toSorted((one, other) => ticked(other) - ticked(one) || order.get(one) - order.get(other)));
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
