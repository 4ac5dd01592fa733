// An order's page turns by itself: it is told by a private channel, or asks now and then, and fetches itself anew.
const OPEN = ["pending", "awaiting_approval"];
const SLOWEST = 15_000;

const paper = () => document.querySelector("[data-order]");
const isRefunding = () => "refunding" in (paper()?.dataset ?? {});
const isOpen = () => OPEN.includes(paper()?.dataset.status) || isRefunding();
const differs = ({ status, payment_status, failed_payments }) => {
  const shown = paper().dataset;
  return status !== shown.status || payment_status !== shown.payment || (failed_payments ?? 0) > Number(shown.failed);
};

let renewing;
const renew = () => (renewing ??= fetchAnew().finally(() => (renewing = undefined)));

async function fetchAnew() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-order]");
  if (!fresh) return;
  const moved = ["status", "payment", "refunding"].some((fact) => fresh.dataset[fact] !== paper().dataset[fact]);
  paper().replaceWith(fresh);
  fresh.dispatchEvent(new CustomEvent("order:replaced", { bubbles: true }));
  if (!moved) return;
  const words = fresh.querySelector("h1");
  document.querySelector("[data-order-spoken]").textContent = words.textContent;
  words.focus();
}

async function ask() {
  if (isRefunding()) return renew(); // a refund that fails leaves the order's state as it was
  const answer = await fetch(paper().dataset.address, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok && differs(await answer.json())) await renew();
}

const claims = (token) => JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));

// The access token, asked for again a minute before it ends.
function keeper(address) {
  let token;
  return async () => {
    if (!token || claims(token).exp * 1000 < Date.now() + 60_000) token = (await (await fetch(address)).json()).access_token;
    return token;
  };
}

async function follow({ session, client, realtimeUrl, realtimeKey }) {
  const token = keeper(session);
  const { sub } = claims(await token());
  const { RealtimeClient } = await import(client);
  const realtime = new RealtimeClient(realtimeUrl, { params: { apikey: realtimeKey }, accessToken: token });
  await realtime.setAuth();
  realtime
    .channel(`user:${sub}`, { config: { private: true } })
    .on("broadcast", { event: "order" }, ({ payload }) => payload.reference === paper().dataset.reference && differs(payload) && renew())
    .subscribe();
}

function poll(wait) {
  setTimeout(async () => {
    if (!paper()) return;
    if (isOpen() && !document.hidden) await ask();
    if (isOpen()) poll(Math.min(wait * 1.15, SLOWEST));
  }, wait);
}

if (isOpen()) {
  poll(2_500);
  document.addEventListener("visibilitychange", () => document.hidden || !isOpen() || ask());
  document.addEventListener("hold:over", () => setTimeout(renew, 1_200));
  if (paper().dataset.session) follow(paper().dataset).catch(() => {}); // the poll goes on without it
}
