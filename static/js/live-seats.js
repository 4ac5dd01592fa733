// Keeps "seats left" true: by broadcast where Realtime is there, by asking now and then where it is not.
import { write } from "./mark.js";

const POLL = 15_000;
const TRAIL = 1_500;

function showIn(panel) {
  const { one, other, none } = panel.dataset;
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const fieldOf = (id) => panel.querySelector(`[data-type="${CSS.escape(id)}"] [name^="quantity["]`);
  const full = new Set([...panel.querySelectorAll(".seats--none[data-seats]")].map((words) => words.dataset.seats));
  return ({ ticket_types: types }) => {
    for (const { id, left, sale } of types) {
      const words = panel.querySelector(`[data-seats="${CSS.escape(id)}"]`);
      if (!words || left === null || !["on_sale", "sold_out"].includes(sale)) continue;
      write(words, left ? (plural.select(left) === "one" ? one : other).replace("{n}", left) : none);
      words.classList.toggle("seats--few", left > 0 && left <= 5);
      words.classList.toggle("seats--none", left === 0);
      limit(fieldOf(id), left);
    }
    close(panel, new Set(types.filter(({ sale, left }) => sale === "sold_out" || left === 0).map(({ id }) => id)));
    offer(panel, types.some(({ id, left, sale }) => sale === "on_sale" && left && full.has(id)));
  };
}

// A field never offers more than is left; what was typed stays until the reader changes it, and the server has the last word:
// one seat may always be asked for, since what was heard can be a second old.
function limit(field, left) {
  if (!field) return;
  field.dataset.most ??= field.max;
  field.max = Math.min(Number(field.dataset.most), Math.max(left, 1));
}

// Once nothing that the page sells is left, it says so in the place of what one would choose.
function close(panel, soldOut) {
  const notice = panel.querySelector("[data-gone]");
  if (!notice) return;
  const offered = [...panel.querySelectorAll("[data-type]:has([data-quantity])")];
  const gone = offered.every((type) => soldOut.has(type.dataset.type));
  notice.hidden = !gone;
  notice.querySelector("button").onclick = () => location.reload();
  for (const part of panel.querySelectorAll("[data-while-free]")) part.hidden = gone;
}

// What was sold out when the page was drawn has no field. Once it is free again, the reader decides when the page is read anew.
function offer(panel, freed) {
  const notice = panel.querySelector("[data-freed]");
  notice.hidden = !freed;
  notice.querySelector("button").onclick = () => location.reload();
  panel.querySelector("[data-full]")?.toggleAttribute("hidden", freed);
}

async function subscribe(panel, onNews, onState) {
  const { RealtimeClient } = await import(panel.dataset.client);
  const client = new RealtimeClient(panel.dataset.realtimeUrl, { params: { apikey: panel.dataset.realtimeKey } });
  client
    .channel(`event:${panel.dataset.liveSeats}`)
    .on("broadcast", { event: "availability" }, ({ payload }) => onNews(payload))
    .subscribe((state) => onState(state === "SUBSCRIBED"));
}

for (const panel of document.querySelectorAll("[data-live-seats]")) {
  const show = showIn(panel);
  let live = false;
  let trailing;

  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(panel.dataset.availability, { headers: { accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show(await answer.json());
  };

  // Bursts are coalesced on the way here: the last word is asked for a little later, not by everybody at once.
  const news = (availability) => {
    show(availability);
    clearTimeout(trailing);
    trailing = setTimeout(ask, TRAIL + Math.random() * TRAIL);
  };

  setInterval(() => live || ask(), POLL + Math.random() * POLL * 0.2);
  document.addEventListener("visibilitychange", ask);
  if (panel.dataset.realtimeUrl) subscribe(panel, news, (state) => (live = state)).catch(() => (live = false));
}
