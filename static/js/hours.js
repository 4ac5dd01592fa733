// Opening hours that are the same every day are typed once.
for (const days of document.querySelectorAll("[data-hours]")) {
  const same = days.querySelector("[data-hours-same]");
  const [first, ...others] = [...days.querySelectorAll(".hours__day")].map((day) => [...day.querySelectorAll("input")]);
  same.hidden = false;
  same.querySelector("button").addEventListener("click", () => {
    for (const other of others) other.forEach((time, edge) => (time.value = first[edge].value));
  });
}
