// Everything here only improves pages that work without it.
(() => {
  "use strict";

  // a file being read: show how far it is, then the result
  const reading = document.querySelector("[data-events]");
  if (reading) {
    const bar = reading.querySelector("progress");
    const stage = reading.querySelector("[data-stage]");
    const names = JSON.parse(reading.dataset.stages);
    const events = new EventSource(reading.dataset.events);
    events.addEventListener("progress", (event) => {
      const { progress } = JSON.parse(event.data);
      if (!progress) return;
      stage.textContent = names[progress.stage] || names.waiting;
      if (progress.total > 0) { bar.max = progress.total; bar.value = progress.done; } else bar.removeAttribute("value");
    });
    const show = () => { events.close(); location.replace(location.pathname); };
    events.addEventListener("done", show);
    events.addEventListener("problem", show);
  }

  // one click sends a form once
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    setTimeout(() => {
      for (const button of event.target.querySelectorAll("button")) {
        button.disabled = true;
        if (button === event.submitter && button.dataset.busy) button.textContent = button.dataset.busy;
      }
    });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // the board does not refresh under somebody's hands
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const isTimed = requestConfig.triggeringEvent === undefined && elt.matches("[data-live]");
    if (isTimed && elt.querySelector("details[open], :focus")) event.preventDefault();
  });

  // a rule's box chooses all its rows
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-all]")) return;
    for (const box of event.target.form.querySelectorAll("input[name=finding]")) box.checked = event.target.checked;
  });
})();
