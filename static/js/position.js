// A position from the browser, or pasted as a pair into the first of its two fields.
const PAIR = /^\s*(-?\d{1,3}(?:[.]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.]\d+)?)\s*$/;

for (const place of document.querySelectorAll("[data-position]")) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => place.querySelector(`[name=${name}]`));
  const here = place.querySelector("[data-position-here]");
  const status = here.querySelector("[role=status]");

  latitude.addEventListener("input", () => {
    const pair = latitude.value.match(PAIR);
    if (pair) [latitude.value, longitude.value] = pair.slice(1);
  });

  if (!navigator.geolocation) continue;
  here.hidden = false;
  here.querySelector("button").addEventListener("click", () => {
    status.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(5);
        longitude.value = coords.longitude.toFixed(5);
      },
      () => (status.textContent = place.dataset.refused),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
}

// Whoever fills in a form for the first time is most likely there, or near.
const zone = document.querySelector("form select[name=timezone]");
if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone.selectedIndex < 0) zone.selectedIndex = 0;
