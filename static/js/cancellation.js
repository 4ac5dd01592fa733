// What comes back follows the seats that are ticked: the page is asked for anew, and the part that tells it is put in.
const form = document.querySelector("[data-cancellation]");
const offer = () => document.querySelector("[data-cancellation-offer]");

let asked;
async function show() {
  asked?.abort();
  asked = new AbortController();
  for (const button of offer().querySelectorAll("button")) button.disabled = true; // never cancel other seats than the sum is for
  const query = new URLSearchParams([...new FormData(form), ["chosen", "yes"]]);
  const answer = await fetch(`${form.action}?${query}`, { signal: asked.signal, headers: { accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-cancellation-offer]");
  if (!fresh) return form.submit(); // the order has moved on: its page says how
  const spoken = offer().querySelector("[data-cancellation-spoken]");
  const words = fresh.querySelector("[data-cancellation-spoken]");
  if (spoken && words) {
    // A live region is heard when its text changes, not when it is new.
    spoken.textContent = words.textContent;
    words.replaceWith(spoken);
  }
  offer().replaceWith(fresh);
}

if (form) {
  form.querySelector("[data-cancellation-ask]")?.remove();
  form.addEventListener("change", () => show().catch((failure) => failure.name === "AbortError" || form.submit()));
}
