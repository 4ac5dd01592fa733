// Gives the mail's frame the height of its content, and shows it at a phone's width on request.
const frame = document.querySelector("[data-mail]");
const widths = document.querySelector("[data-widths]");

function fit() {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  frame.style.height = "0";
  frame.style.height = `${page.scrollHeight}px`;
}

if (frame) {
  frame.addEventListener("load", fit);
  new ResizeObserver(([entry]) => entry.contentRect.width && requestAnimationFrame(fit)).observe(frame.parentElement);
  fit();
}

if (frame && widths) {
  widths.hidden = false;
  widths.addEventListener("click", ({ target }) => {
    if (!target.dataset.width) return;
    frame.style.width = target.dataset.width;
    for (const button of widths.children) button.setAttribute("aria-pressed", String(button === target));
    fit();
  });
}
