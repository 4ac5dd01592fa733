// The bar at the foot of a phone's screen steps aside while the order panel is in sight.
const bar = document.querySelector("[data-panel-bar]");
const panel = document.querySelector("[data-panel]");
if (bar && panel) {
  new IntersectionObserver(([entry]) => bar.classList.toggle("bar--aside", entry.isIntersecting), { threshold: 0.15 }).observe(panel);
}
