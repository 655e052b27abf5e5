// The receipt stamp moved on a picture of its page. Without this the form beside it has places to choose from.
(() => {
  "use strict";
  const page = document.querySelector("[data-free]");
  if (!page) return;
  const free = JSON.parse(page.dataset.free);
  const stamp = page.querySelector("button.stamp");
  const own = document.getElementById("place-own");
  const said = document.querySelector("[data-said]");
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const read = (written) => { const [x, y] = written.split(" ").map(Number); return { x, y }; };
  const isFree = ({ x, y }) => free[y]?.[x] === "1";
  const onGrid = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) });
  const within = ({ x, y }) => ({
    x: Math.min(Math.max(x, 0), 100 - page.dataset.width),
    y: Math.min(Math.max(y, 0), 100 - page.dataset.height),
  });
  const show = ({ x, y }) => { stamp.style.left = `${x}%`; stamp.style.top = `${y}%`; };

  // the free place nearest to one, by eye: a percent across is not as long as one down
  const nearest = (place) => {
    const { width, height } = page.getBoundingClientRect();
    let found = null, least = Infinity;
    free.forEach((row, y) => {
      for (let x = 0; x < row.length; x += 1) {
        const far = ((x - place.x) * width) ** 2 + ((y - place.y) * height) ** 2;
        if (row[x] === "1" && far < least) { least = far; found = { x, y }; }
      }
    });
    return found;
  };

  let place = read(own.value);
  const settle = (next) => {
    place = next;
    stamp.classList.remove("over");
    show(place);
    own.value = `${place.x} ${place.y}`;
    own.checked = true;
    said.textContent = said.dataset.said.replace("{x}", Math.round(place.x)).replace("{y}", Math.round(place.y));
  };

  stamp.style.width = `${page.dataset.width}%`;
  show(place);

  let held = null;
  stamp.addEventListener("pointerdown", (event) => {
    const box = stamp.getBoundingClientRect();
    held = { x: event.clientX - box.left, y: event.clientY - box.top, at: place };
    stamp.setPointerCapture(event.pointerId);
  });
  stamp.addEventListener("pointermove", (event) => {
    if (!held) return;
    const box = page.getBoundingClientRect();
    held.at = within({
      x: (event.clientX - held.x - box.left) / box.width * 100,
      y: (event.clientY - held.y - box.top) / box.height * 100,
    });
    show(held.at);
    stamp.classList.toggle("over", !isFree(onGrid(held.at)));
  });
  stamp.addEventListener("pointerup", () => {
    const at = held && held.at;
    held = null;
    if (at && at !== place) settle(nearest(at) || place);
  });
  stamp.addEventListener("pointercancel", () => { held = null; settle(place); });

  // an arrow goes to the next free place that way, past what is written there
  stamp.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const start = onGrid(place);
    for (let step = event.shiftKey ? 5 : 1; step <= 100; step += 1) {
      const next = { x: start.x + arrow[0] * step, y: start.y + arrow[1] * step };
      if (isFree(next)) { settle(next); return; }
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.name !== "place" || event.target === own) return;
    const corner = event.target;
    settle(read(corner.value));
    corner.checked = true;
  });
})();
