// What pages do beyond HTML, found by data attributes. Every page works without it.
(() => {
  const lang = document.documentElement.lang;
  const styles = {
    short: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
    date: { year: "numeric", month: "short", day: "numeric" },
    time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
    medium: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  };
  const full = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "long" });

  // Times come in UTC and are written in the reader's zone.
  function localize(root) {
    for (const element of root.querySelectorAll("time[datetime]")) {
      const at = new Date(element.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      element.title = full.format(at);
      const style = styles[element.dataset.style];
      if (style) element.textContent = new Intl.DateTimeFormat(lang, style).format(at);
    }
  }

  // <form data-confirm="…"> asks before it is sent.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });

  // <button data-copy="#id"> copies the text of an element.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (source) navigator.clipboard.writeText(source.value || source.textContent.trim());
  });

  // <select data-submit> sends its form when it changes.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("DOMContentLoaded", () => localize(document));
  document.addEventListener("htmx:afterSwap", (event) => localize(event.target.parentElement || document));
  if (document.readyState !== "loading") localize(document);
})();
