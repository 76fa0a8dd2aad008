// A chip under the pointer or the focus shows what it stands for: title, source, date, and the quoted sentence. All of it
// is on the page already, and is copied as nodes: nothing is fetched and no text becomes HTML.
(() => {
  "use strict";
  const LINGER_MS = 150;
  const MARGIN = 12;
  const preview = document.createElement("div");
  preview.id = "preview";
  preview.setAttribute("role", "tooltip");
  preview.popover = "manual"; // above everything: no box that scrolls can cut it off
  let chip = null;
  let leaving = 0;

  function contents(of) {
    const card = document.getElementById(of.dataset.mark)?.closest(".card");
    const quote = of.previousElementSibling;
    if (!card || !quote) return null;
    const words = quote.cloneNode(true);
    // Where the whole sentence answers, nothing in it stands out.
    if (!words.querySelector("b")) words.classList.add("whole");
    return [...card.querySelectorAll("h3, .byline"), words].map((node) => node.cloneNode(true));
  }

  // Below the chip, so that its sentence stays in sight; above it where there is no room; never over the window's edge.
  function place() {
    const { top, bottom, left, width } = chip.getBoundingClientRect();
    const box = preview.getBoundingClientRect();
    const view = document.documentElement;
    const below = bottom + MARGIN / 2;
    const lowest = view.clientHeight - box.height - MARGIN;
    const y = below <= lowest ? below : Math.min(top - box.height - MARGIN / 2, lowest);
    const x = Math.min(left + width / 2 - box.width / 2, view.clientWidth - box.width - MARGIN);
    preview.style.top = `${Math.max(y, MARGIN)}px`;
    preview.style.left = `${Math.max(x, MARGIN)}px`;
  }

  function show(of) {
    clearTimeout(leaving);
    if (of === chip) return;
    hide();
    const parts = contents(of);
    if (!parts) return;
    preview.replaceChildren(...parts);
    preview.lang = of.closest("[lang]")?.lang ?? "";
    if (!preview.isConnected) document.body.append(preview);
    chip = of;
    chip.setAttribute("aria-describedby", preview.id);
    preview.showPopover();
    place();
  }

  function hide() {
    clearTimeout(leaving);
    chip?.removeAttribute("aria-describedby");
    chip = null;
    if (preview.matches(":popover-open")) preview.hidePopover();
  }

  const chipOf = (event) => event.target.closest?.("#talk a.chip");

  document.addEventListener("focusin", (event) => (chipOf(event) ? show(chipOf(event)) : hide()));
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return; // a tap leads to the sources
    if (chipOf(event)) show(chipOf(event));
    else if (preview.contains(event.target)) clearTimeout(leaving); // the pointer may rest on what it shows
    else if (chip && chip !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, LINGER_MS);
    }
  });
  document.addEventListener("click", hide);
  addEventListener("scroll", (event) => preview.contains(event.target) || hide(), { capture: true, passive: true });
  addEventListener("resize", hide);
  // The first Escape closes the preview and does nothing else.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !chip) return;
      hide();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
})();
