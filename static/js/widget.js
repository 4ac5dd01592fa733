// On another site: puts the tickets of the event that the script's tag names (data-event) where the tag stands.
// data-title names the frame to screen readers; data-language is en or fr, and else that of the page around.
(() => {
  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const language = script.dataset.language ?? document.documentElement.lang.slice(0, 2);
  const frame = document.createElement("iframe");
  frame.src = `${origin}/widgets/${encodeURIComponent(script.dataset.event)}?language=${encodeURIComponent(language)}`;
  frame.title = script.dataset.title ?? "Tickets";
  frame.style.cssText = "display: block; width: 100%; max-width: 32rem; height: 24rem; border: 0; color-scheme: light dark";
  script.after(frame);

  // The frame tells how high it is; nobody else may.
  addEventListener("message", ({ origin: sender, source, data }) => {
    if (sender !== origin || source !== frame.contentWindow) return;
    const height = Number(data?.guichet?.height);
    if (height > 0 && height < 5000) frame.style.height = `${Math.ceil(height)}px`;
  });
})();
