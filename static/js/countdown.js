// Counts a hold down from the seconds the server said are left; the reader's own clock is not trusted.
// Calm until two minutes; told to screen readers at ten, five, two and one minutes, and at the end.
const SOON = 120;
const TOLD = [600, 300, 120, 60];

const two = (number) => String(number).padStart(2, "0");
const written = (left) => {
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};

function attach(root) {
  const clock = root.querySelector("[data-countdown]");
  if (!clock) return;
  const spoken = root.querySelector("[data-countdown-spoken]");
  const end = Date.now() + Number(clock.dataset.countdown) * 1000;
  const plural = new Intl.PluralRules(document.documentElement.lang);

  const tick = () => {
    if (!clock.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    clock.textContent = written(left);
    clock.classList.toggle("hold__time--soon", left <= SOON);
    if (TOLD.includes(left)) spoken.textContent = clock.dataset[plural.select(left / 60) === "one" ? "one" : "other"].replace("{n}", left / 60);
    if (left > 0) return;
    clearInterval(timer);
    spoken.textContent = clock.dataset.over;
    clock.dispatchEvent(new CustomEvent("hold:over", { bubbles: true }));
  };
  const timer = setInterval(tick, 1000);
  tick();
}

attach(document);
document.addEventListener("order:replaced", (event) => attach(event.target));
