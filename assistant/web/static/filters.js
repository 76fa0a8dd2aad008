// Which articles may answer: the line above the box, its timeline and its fields. The address carries what is chosen, and
// the server draws the panel anew for each address.
(() => {
  "use strict";
  const NAMES = ["since", "until", "source", "lang"];
  let place;

  function chosenIn(search) {
    const given = new URLSearchParams(search);
    return NAMES.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : []));
  }

  // Takes the filters into the address and leaves everything else in it alone.
  function choose(pairs) {
    const url = new URL(location.href);
    for (const name of NAMES) url.searchParams.delete(name);
    for (const [name, value] of pairs) url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
    return draw();
  }

  let asked = 0;
  async function draw() {
    const mine = ++asked;
    const open = Boolean(place.querySelector("details")?.open);
    const focused = place.contains(document.activeElement) && (document.activeElement.name || "summary");
    const wanted = new URLSearchParams([...chosenIn(location.search), ["opened", open]]);
    const answer = await fetch(`filters?${wanted}`);
    if (!answer.ok) throw new Error(`filters: ${answer.status}`);
    const drawn = await answer.text();
    if (mine !== asked) return; // a later choice was quicker
    place.innerHTML = drawn;
    if (focused) (place.querySelector(`[name="${focused}"]`) ?? place.querySelector("summary")).focus();
  }

  const failed = (error) => console.warn(error.message);

  function onClick(event) {
    const link = event.target.closest(".timeline a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      choose(chosenIn(link.getAttribute("href"))).catch(failed);
    } else if (event.target.closest("[data-clear]")) {
      event.preventDefault();
      choose([]).catch(failed);
    }
  }

  function onChange(event) {
    const form = event.target.closest("form");
    if (form.reportValidity()) choose([...new FormData(form)].filter(([, value]) => value)).catch(failed);
  }

  // A new question folds the panel: it would stand before the answer.
  let turns = 0;
  function fold() {
    const now = document.querySelectorAll("#talk .turn").length;
    const details = place.querySelector("details");
    if (now > turns && details) details.open = false;
    turns = now;
  }

  // Gradio builds the page after this script has run.
  function begin() {
    place = document.querySelector("#filters .chosen");
    if (!place || !document.getElementById("talk")) return false;
    place.addEventListener("click", onClick);
    place.addEventListener("change", onChange);
    place.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("popstate", () => draw().catch(failed));
    new MutationObserver(fold).observe(document.getElementById("talk"), { childList: true, subtree: true });
    draw().catch(failed);
    return true;
  }
  if (begin()) return;
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
