// The API's description, browsable. swagger-ui-bundle.js puts SwaggerUIBundle on the window.
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
