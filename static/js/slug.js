// An address follows the name it is made from, until somebody types it themselves. Postgres has the last word.
for (const slug of document.querySelectorAll("[data-slug-of]")) {
  const name = slug.form.elements[slug.dataset.slugOf];
  const follow = () => {
    slug.placeholder = name.value
      .normalize("NFD")
      .replace(/\p{Mark}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50);
  };
  name.addEventListener("input", follow);
  follow();
}
