// The API's description, browsable. swagger-ui-bundle.js puts SwaggerUIBundle on the window.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches); // its own dark theme
dark.addEventListener("change", follow);
follow();

const browser = document.querySelector("[data-description]");
window.SwaggerUIBundle({
  domNode: browser,
  url: browser.dataset.description,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server"),
});
