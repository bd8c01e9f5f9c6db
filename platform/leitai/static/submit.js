// Handing a file in: drop it, see at once what would be refused, watch it go. Without this the form works as it is.
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const find = (name) => form.querySelector(`[data-${name}]`);
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const drop = find("drop");
  const empty = find("name").textContent;
  const units = ["B", "kB", "MB", "GB"];

  function size(bytes) {
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
    const amount = bytes / 1000 ** step;
    return `${amount.toFixed(step && amount < 100 ? 1 : 0)} ${units[step]}`;
  }

  function fault(file) {
    const name = file.name.toLowerCase();
    if (!form.dataset.suffixes.split(" ").some((suffix) => name.endsWith(suffix))) return form.dataset.wrongSuffix;
    return file.size > Number(form.dataset.most) ? form.dataset.tooLarge : "";
  }

  function say(text) {
    find("fault").textContent = text;
    find("fault").hidden = !text;
  }

  function chosen() {
    const file = input.files[0];
    const text = file ? fault(file) : "";
    find("name").textContent = file ? `${file.name} · ${size(file.size)}` : empty;
    say(text);
    button.disabled = Boolean(text);
  }

  function sending(on) {
    find("progress").hidden = !on;
    button.disabled = on;
  }

  function progress(event) {
    if (!event.lengthComputable) return;
    const share = Math.round((100 * event.loaded) / event.total);
    find("progress").querySelector("progress").value = share;
    find("sent").textContent = share < 100 ? `${form.dataset.sending} ${share} %` : form.dataset.checking;
  }

  // The answer is a page: the submission's own, or this one with what was refused.
  function answered(request) {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const refusal = page.querySelector("[data-answer] .note") || page.querySelector("main h1");
    const note = document.createElement("p");
    note.className = "note bad";
    note.setAttribute("role", "alert");
    note.textContent = refusal ? refusal.textContent.trim() : form.dataset.broken;
    document.querySelector("[data-answer]").replaceChildren(note);
    sending(false);
    note.scrollIntoView({ block: "center" });
  }

  function send(event) {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", progress);
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => {
      say(form.dataset.broken);
      sending(false);
    });
    request.open("POST", form.action);
    const body = new FormData(form);
    sending(true);
    request.send(body);
  }

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.classList.add("scripted");
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    chosen();
  });
  input.addEventListener("change", chosen);
  form.addEventListener("submit", send);
})();
