// An end keeps its distance when its start is moved.
const MINUTE = 60_000;
// Fields show wall clocks: read as UTC, their distance is what it looks like.
const read = (field) => Date.parse(`${field.value}Z`);

for (const end of document.querySelectorAll("[data-follows]")) {
  const start = document.getElementById(end.dataset.follows);
  let before = read(start);
  start.addEventListener("change", () => {
    const now = read(start);
    if (end.value && !Number.isNaN(before) && !Number.isNaN(now)) {
      end.value = new Date(Math.round((read(end) + now - before) / MINUTE) * MINUTE).toISOString().slice(0, 16);
    }
    before = now;
  });
}
