// <input type="search" data-filter="selector" data-none="#id" hidden>: shows the entries that hold all words,
// the groups around them, and #id when there is none; what is data-idle is shown while nothing is searched.
(() => {
  const plain = (text) => text.toLocaleLowerCase().replace(/[\s_-]+/g, " ");

  function install(field) {
    const entries = [...document.querySelectorAll(field.dataset.filter)];
    const texts = entries.map((entry) => plain(entry.textContent));
    const none = document.querySelector(field.dataset.none);

    function apply() {
      const words = plain(field.value).split(" ").filter(Boolean);
      entries.forEach((entry, index) => {
        entry.hidden = !words.every((word) => texts[index].includes(word));
      });
      for (const group of document.querySelectorAll("[data-group]")) {
        group.hidden = !group.querySelector(`${field.dataset.filter}:not([hidden])`);
      }
      for (const idle of document.querySelectorAll("[data-idle]")) idle.hidden = words.length > 0;
      none.hidden = entries.some((entry) => !entry.hidden);
    }

    // A link to an entry that the search hides ends the search.
    function reveal() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]")) return;
      field.value = "";
      apply();
      target.scrollIntoView();
    }

    field.hidden = false;
    field.addEventListener("input", apply);
    window.addEventListener("hashchange", reveal);
    apply();
  }

  document.querySelectorAll("[data-filter]").forEach(install);
})();
