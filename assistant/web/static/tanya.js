// Chips lead to the quoted words in the sources, and a new question moves into view. Nothing is fetched from here.
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const hasPointer = matchMedia("(hover: hover)");
  let cameFrom = null;

  // Whose session is over is asked to sign in again, and comes back to this address. (In a portal, frame.js sees to it.)
  if (!document.documentElement.classList.contains("widget")) {
    const plain = window.fetch.bind(window);
    window.fetch = async (...request) => {
      const answer = await plain(...request);
      if (answer.status === 401 && new URL(answer.url).origin === location.origin) location.reload();
      return answer;
    };
  }

  function moveTo(element, block) {
    element.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block });
  }

  // Each answer has its own sheet of sources; only one is shown.
  function openSheet(sheet) {
    for (const other of document.querySelectorAll("#evidence .sheet")) other.hidden = other !== sheet;
  }

  function showQuote(chip) {
    const mark = document.getElementById(chip.dataset.mark);
    const card = mark?.closest(".card");
    if (!card) return false;
    openSheet(card.closest(".sheet"));
    for (const old of document.querySelectorAll(".is-active")) old.classList.remove("is-active");
    for (const now of [chip, card, mark]) now.classList.add("is-active");
    mark.focus({ preventScroll: true });
    moveTo(mark, "center");
    cameFrom = chip;
    return true;
  }

  document.addEventListener("click", (event) => {
    // With a modifier the chip stays the link it is: the article, in a new tab.
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const chip = event.target.closest?.("a.chip");
    if (chip && showQuote(chip)) event.preventDefault();
  });

  // Escape leads back from the quoted words to the chip.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !cameFrom?.isConnected) return;
    event.preventDefault(); // in a portal's frame Escape would close the panel as well
    cameFrom.focus({ preventScroll: true });
    moveTo(cameFrom, "center");
    cameFrom = null;
  });

  // The other language: the choice is kept in a cookie, and the server speaks it from now on.
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("[data-language]");
    if (!chosen) return;
    const path = new URL(".", document.baseURI).pathname;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `tanya_language=${chosen.dataset.language}; Max-Age=34560000; Path=${path}; SameSite=Lax${secure}`;
    location.reload();
  });

  let newest = "";
  function watch(talk, box) {
    talk.setAttribute("role", "log");
    talk.setAttribute("aria-live", "polite");
    talk.setAttribute("aria-label", "Conversation · Percakapan");
    new MutationObserver(() => {
      const turn = talk.querySelector(".turn:last-of-type");
      if (!turn || turn.id === newest) return;
      newest = turn.id;
      if (!hasPointer.matches) box.blur(); // the keyboard of a phone would cover the answer
      moveTo(turn, "start");
    }).observe(talk, { childList: true, subtree: true });
    // On a phone this would open the keyboard over the page.
    if (hasPointer.matches) box.focus();
  }

  // Gradio builds the page after this script has run.
  function begin() {
    const talk = document.getElementById("talk");
    const box = document.querySelector("#question textarea");
    if (talk && box) watch(talk, box);
    // Gradio writes the browser's language here, whatever language the page speaks.
    if (talk && box) document.documentElement.lang = document.documentElement.dataset.speaks;
    return Boolean(talk && box);
  }
  if (begin()) return;
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
