// After a form came back with something to look at, the reader starts there.
document.querySelector("[data-focus]")?.focus();
