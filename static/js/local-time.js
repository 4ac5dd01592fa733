// Adds the reader's own time where their clock differs from the event's.
for (const time of document.querySelectorAll("[data-local-time]")) {
  const instant = new Date(time.dateTime);
  const at = (timeZone) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
  const theirs = at(undefined);
  if (theirs === at(time.dataset.localTime)) continue;
  const note = document.createElement("span");
  note.className = "facts__more";
  note.textContent = time.dataset.yours.replace("{time}", theirs);
  time.parentElement.append(note);
}
