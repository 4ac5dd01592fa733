// An event's numbers move as its seats do: told by the event's channel, or asked for now and then, the page fetches itself anew.
const POLL = 15_000; // where nobody tells
const CALM = 60_000; // where somebody does: money also moves without seats
const BREATH = 1_000;

const board = document.querySelector("[data-dashboard]");
let live = false;
let renewing;

async function renew() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of board.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other) put(part, other);
  }
}

// What the reader has opened stays open, and where they are they stay; what has changed is put in place.
function put(part, other) {
  for (const opened of part.querySelectorAll("details[open]")) other.querySelector(`[data-keep="${opened.dataset.keep}"]`)?.setAttribute("open", "");
  if (part.innerHTML === other.innerHTML) return;
  const before = part.querySelector("[data-dashboard-sold]")?.dataset.dashboardSold;
  const place = part.contains(document.activeElement) ? twin(document.activeElement) : undefined;
  part.replaceChildren(...other.childNodes);
  if (place) part.querySelector(place)?.focus({ preventScroll: true });
  const sold = part.querySelector("[data-dashboard-sold]");
  if (!sold || sold.dataset.dashboardSold === before) return;
  sold.classList.add("changed");
  document.querySelector("[data-dashboard-spoken]").textContent = sold.dataset.dashboardSold;
}

// How what has the focus is found again: a link by where it leads, a table by being the one that scrolls.
function twin(focused) {
  if (focused.matches("a")) return `a[href="${CSS.escape(focused.getAttribute("href"))}"]`;
  return focused.matches("summary") ? "summary" : "[tabindex]";
}

// A burst of news is one look.
function soon() {
  renewing ??= setTimeout(() => {
    renewing = undefined;
    if (!document.hidden) renew();
  }, BREATH);
}

function poll() {
  setTimeout(() => {
    if (!document.hidden) renew();
    poll();
  }, live ? CALM : POLL);
}

async function follow({ client, realtimeUrl, realtimeKey, dashboard }) {
  const { RealtimeClient } = await import(client);
  new RealtimeClient(realtimeUrl, { params: { apikey: realtimeKey } })
    .channel(`event:${dashboard}`)
    .on("broadcast", { event: "availability" }, soon)
    .subscribe((state) => (live = state === "SUBSCRIBED"));
}

poll();
document.addEventListener("visibilitychange", () => document.hidden || soon());
if (board.dataset.realtimeUrl) follow(board.dataset).catch(() => (live = false));
