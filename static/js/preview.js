// Asks the server what a form would come to, while it is being filled in; prices are computed nowhere else.
for (const form of document.querySelectorAll("[data-preview]")) {
  const panel = document.querySelector("[data-preview-panel]");
  let asked;
  let timer;

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(form.dataset.preview, location.href);
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrf_token") address.searchParams.set(name, value);
    }
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (answer.ok && !answer.redirected) panel.innerHTML = await answer.text();
    } catch (failure) {
      if (failure.name !== "AbortError") panel.textContent = "";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
}
