// A search's address holds what was asked for, not the fields left empty.
for (const form of document.querySelectorAll("form[role=search]")) {
  form.addEventListener("formdata", ({ formData }) => {
    if (formData.get("days") !== "dates") for (const name of ["first_day", "last_day"]) formData.delete(name);
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}

// "Near me": the browser's position, to some hundred metres, becomes a part of the search and of its address.
for (const line of document.querySelectorAll("[data-near]")) {
  if (!navigator.geolocation) continue;
  const form = line.closest("form");
  const status = line.querySelector("[role=status]");
  line.hidden = false;
  line.querySelector("button").addEventListener("click", () => {
    status.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.near.disabled = false;
        form.elements.near.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
        form.elements.city.value = "";
        form.requestSubmit();
      },
      () => (status.textContent = line.dataset.near),
      { timeout: 10_000, maximumAge: 600_000 },
    );
  });
}
