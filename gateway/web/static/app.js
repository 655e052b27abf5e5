// Everything here only improves pages that work without it.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

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
      const name = names[progress.stage] || names.waiting;
      if (stage.textContent !== name) stage.textContent = name;
      if (progress.total > 0) { bar.max = progress.total; bar.value = progress.done; } else bar.removeAttribute("value");
    });
    const show = () => { events.close(); location.replace(location.pathname); };
    events.addEventListener("done", show);
    events.addEventListener("problem", show);
  }

  // a board follows what happens: it says what changed and shows it, but not under somebody's hands
  const board = document.querySelector("[data-board]");
  if (board) {
    const news = document.querySelector("[data-board-news]");
    const wanted = document.querySelector("[data-board-show]");
    const words = JSON.parse(news.dataset.words);
    const states = JSON.parse(news.dataset.states);
    const LATER = 10000;
    let events, newest = "", hasEnded = false;

    const shown = () => board.querySelector("[data-stamp]").dataset.stamp;
    const isInUse = () => board.querySelector("details[open], dialog[open], :focus") !== null;
    // what was asked for before somebody changed a filter would undo that change
    let turn = 0;
    board.addEventListener("change", () => { turn += 1; });
    const refresh = async () => {
      const mine = turn += 1;
      const answer = await fetch(location.pathname + location.search, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const written = await answer.text();
      if (mine !== turn) return;
      wanted.hidden = !isInUse();
      if (isInUse()) return;
      board.innerHTML = written;
      if (window.htmx) window.htmx.process(board);
      prepare(board);
    };
    const follow = () => {
      events = new EventSource(board.dataset.board);
      events.addEventListener("board", (event) => {
        const { stamp, changed } = JSON.parse(event.data);
        newest = stamp;
        if (changed.length > 3) news.textContent = words.many.replace("{n}", changed.length);
        else if (changed.length) news.textContent = changed.map(({ name, state }) => `${name}: ${states[state] || state}`).join(", ");
        if (stamp === shown()) return;
        if (isInUse()) wanted.hidden = false; else refresh();
      });
      events.addEventListener("done", () => { end(words.closed); refresh(); });
      events.addEventListener("problem", (event) => {
        const { status } = JSON.parse(event.data);
        if (status === 503) later(); else end(status === 401 ? words.ended : words.away);
      });
      // the browser itself tries again unless the server refused
      events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) later(); });
    };
    const end = (text) => { hasEnded = true; events.close(); news.textContent = text; };
    const later = () => { events.close(); setTimeout(() => { if (!hasEnded && !document.hidden) follow(); }, LATER); };
    // a page that nobody looks at asks nothing
    document.addEventListener("visibilitychange", () => {
      if (hasEnded) return;
      events.close();
      if (!document.hidden) follow();
    });
    // who has left the list alone sees what came meanwhile
    document.addEventListener("focusout", () => setTimeout(() => {
      if (!wanted.hidden && newest !== shown() && !isInUse()) refresh();
    }));
    wanted.addEventListener("click", () => {
      for (const one of board.querySelectorAll("details[open]")) one.open = false;
      refresh();
    });
    follow();
  }

  // what asks for certainty is a dialog; without scripts it unfolds in the page
  const prepare = (within) => {
    for (const body of within.querySelectorAll("[data-dialog]")) {
      const details = body.parentElement;
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-labelledby", body.getAttribute("aria-labelledby"));
      body.removeAttribute("aria-labelledby");
      body.removeAttribute("data-dialog");
      details.after(dialog);
      dialog.append(body);
      const summary = details.querySelector("summary");
      summary.setAttribute("role", "button");
      summary.setAttribute("aria-haspopup", "dialog");
      const open = () => { if (!dialog.open) dialog.showModal(); };
      summary.addEventListener("click", (event) => { event.preventDefault(); open(); });
      dialog.addEventListener("close", () => summary.focus());
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
      });
      if (details.open) { details.open = false; open(); }
    }
  };
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));

  // what is open over the page closes with Escape
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll(".who[open], .menu .more details[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // how far a file is on its way; what comes back is shown as if the browser had sent the form
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("upload" in form.dataset)) return;
    event.preventDefault();
    const progress = form.querySelector("[data-upload-progress]");
    const bar = progress.querySelector("progress");
    const button = event.submitter || form.querySelector("button");
    const sending = new XMLHttpRequest();
    const free = () => { button.disabled = false; progress.hidden = true; };
    sending.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && loaded < total) { bar.max = total; bar.value = loaded; } else bar.removeAttribute("value");
    });
    sending.addEventListener("load", () => {
      const sent = new URL(form.action, location.href).href;
      if (sending.status < 400 && sending.responseURL !== sent) { location.assign(sending.responseURL); return; }
      const main = new DOMParser().parseFromString(sending.responseText, "text/html").querySelector("main");
      document.querySelector("main").replaceWith(main);
      prepare(main);
      main.focus();
    });
    sending.addEventListener("error", () => { free(); form.submit(); });
    button.disabled = true;
    progress.hidden = false;
    sending.open("POST", form.action);
    sending.send(new FormData(form, event.submitter));
  });

  // one click sends a form once; one that brings a file leaves its page as it is
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || "download" in event.target.dataset) return;
    setTimeout(() => {
      for (const button of event.target.querySelectorAll("button")) {
        button.disabled = true;
        if (button === event.submitter && button.dataset.busy) button.textContent = button.dataset.busy;
      }
    });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // a rule's box chooses all its rows
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-all]")) return;
    for (const box of event.target.form.querySelectorAll("input[type=checkbox]:not([data-all])")) box.checked = event.target.checked;
  });

  // a link to something folded unfolds it
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details:not(.confirm)")) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // what is to be written elsewhere is copied; where the browser forbids that, it is chosen, to be copied by hand
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    getSelection().selectAllChildren(source);
    try { await navigator.clipboard.writeText(source.textContent.trim()); } catch { return; }
    button.textContent = button.dataset.copied;
  });

  // a table to be keyed in is filled like a sheet: arrows and Enter change the row, copied cells of a sheet fill it
  const grid = document.querySelector("[data-grid]");
  if (grid) {
    const rows = () => [...grid.querySelectorAll("tr[data-row]")];
    const cells = (row) => [...row.querySelectorAll("[data-cell]")];
    const news = document.querySelector("[data-grid-news]");
    const addRow = () => {
      const last = rows().at(-1), number = rows().length + 1;
      const row = last.cloneNode(true);
      for (const one of [row, ...row.querySelectorAll("*")]) {
        for (const name of ["name", "id", "aria-labelledby", "hx-params"]) {
          if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace(/-\d+/, `-${number}`));
        }
        one.removeAttribute("aria-invalid");
        one.removeAttribute("aria-describedby");
        if (one.matches("input")) one.value = "";
        if (one.matches("select")) one.selectedIndex = 0;
      }
      for (const one of row.querySelectorAll(".field-error, .field")) one.remove();
      row.dataset.row = number;
      row.querySelector("th span").textContent = number;
      row.querySelector("[data-key]").value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      last.after(row);
      if (window.htmx) window.htmx.process(row);
      grid.closest("form").elements.rows.value = number;
    };
    // cells of a sheet: tabs between them; one with a tab, a line break or a quotation mark in it stands between marks
    const sheetOf = (text) => {
      const found = [[]];
      const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
      for (let match; cell.lastIndex < text.length && (match = cell.exec(text)); ) {
        found.at(-1).push((match[1] === undefined ? match[2] : match[1].replaceAll('""', '"')).replace(/\s+/g, " ").trim());
        if (match[3] !== "\t" && cell.lastIndex < text.length) found.push([]);
      }
      return found;
    };
    const write = (cell, value) => {
      if (!cell.matches("select")) { cell.value = value; return; }
      const option = [...cell.options].find((one) => one.text === value || one.value === value);
      if (option) cell.value = option.value;
    };
    grid.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (!event.target.matches("[data-cell]") || !/[\t\n]/.test(text.trimEnd())) return;
      event.preventDefault();
      const row = event.target.closest("tr"), first = rows().indexOf(row), column = cells(row).indexOf(event.target);
      const sheet = sheetOf(text), fitting = sheet.slice(0, Number(grid.dataset.most) - first);
      while (rows().length < first + fitting.length) addRow();
      fitting.forEach((values, down) => {
        const across = cells(rows()[first + down]).slice(column);
        values.slice(0, across.length).forEach((value, place) => write(across[place], value));
      });
      const left = sheet.length - fitting.length;
      news.textContent = left ? news.dataset.words.replace("{n}", left) : "";
    });
    grid.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
      if (!way || !event.target.matches("input[data-cell]") || event.ctrlKey || event.isComposing) return;
      // the arrows choose among the names that a field suggests
      if (event.key !== "Enter" && event.target.list && event.target.value) return;
      event.preventDefault();
      const row = event.target.closest("tr"), next = rows()[rows().indexOf(row) + way];
      if (next) cells(next)[cells(row).indexOf(event.target)].focus();
    });
    document.querySelector("[data-more]")?.addEventListener("click", (event) => {
      event.preventDefault();
      const first = rows().length, most = Number(grid.dataset.most);
      for (let more = Math.min(10, most - first); more > 0; more -= 1) addRow();
      event.target.hidden = rows().length >= most;
      cells(rows()[first])[0].focus();
    });
  }

  // paper
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
})();
