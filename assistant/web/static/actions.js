// What the buttons under an answer do. Gradio hears of a question through `tanyaDeed`; only this server is asked, and
// what it sends is HTML that it has escaped.
(() => {
  "use strict";
  const SHOWN_MS = 4000;
  const box = () => document.querySelector("#question textarea");
  let asking = null; // what a button asks: the words, and the number of the turn whose place the answer takes
  let editing = null; // the number of the turn whose question stands in the box, and the draft that stood there before

  // Called by Gradio when a question is sent, from the box or from a button.
  window.tanyaDeed = () => {
    const deed = asking ?? { words: "", instead: editing?.turn ?? 0 };
    endEditing();
    asking = null;
    return [deed.words, deed.instead];
  };

  function ask(words, instead = 0) {
    asking = { words, instead };
    document.getElementById("ask-other").click();
  }

  // As if it had been typed: Gradio listens to this event.
  function write(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function edit({ asked, turn, note, cancel }) {
    const draft = editing ? editing.draft : box().value;
    endEditing();
    editing = { turn: Number(turn), draft };
    const line = document.createElement("p");
    const button = document.createElement("button");
    line.id = "editing";
    button.type = "button";
    button.textContent = cancel;
    button.addEventListener("click", cancelEditing);
    line.append(note, " ", button);
    document.getElementById("ask").prepend(line);
    write(asked);
    box().focus();
    box().setSelectionRange(asked.length, asked.length);
  }

  function endEditing() {
    document.getElementById("editing")?.remove();
    editing = null;
  }

  function cancelEditing() {
    const { draft } = editing;
    endEditing();
    write(draft);
    box().focus();
  }

  // Without HTTPS, and inside another site's frame, a browser lends no clipboard to a page; the old way works there.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyBySelecting(text);
    }
  }

  function copyBySelecting(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position: fixed; opacity: 0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("no clipboard");
  }

  function say(row, words) {
    const place = row.querySelector(".said");
    place.textContent = words;
    setTimeout(() => place.textContent === words && (place.textContent = ""), SHOWN_MS);
  }

  // Addresses of articles begin lines of their own; no line of a stranger's text begins so.
  function withAddresses(markdown) {
    const base = new URL(".", document.baseURI).href.split("?")[0];
    return markdown.replace(/^(\[\d+\]: <)(?=articles\/)/gm, (start) => start + base);
  }

  async function share({ turn, done, shown }, row) {
    const answer = await fetch(`share/${turn}`, { method: "PUT" });
    if (!answer.ok) throw new Error(`share: ${answer.status}`);
    row.nextElementSibling?.matches(".shared-at") && row.nextElementSibling.remove();
    row.insertAdjacentHTML("afterend", await answer.text());
    const link = row.nextElementSibling.querySelector("a");
    link.textContent = link.href;
    try {
      await copy(link.href);
      say(row, done);
    } catch {
      say(row, shown); // it stands there to be copied by hand
    }
  }

  const deeds = {
    ask: ({ asked }) => ask(asked),
    again: ({ asked, turn }) => ask(asked, Number(turn)),
    edit,
    share,
    async copy({ text, done }, row, button) {
      await copy(withAddresses(text));
      button.focus({ preventScroll: true });
      say(row, done);
    },
  };

  document.addEventListener("click", async (event) => {
    for (const menu of document.querySelectorAll(".download[open]")) {
      if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
    }
    const button = event.target.closest?.("#talk [data-deed]");
    if (!button) return;
    const row = button.closest(".actions");
    try {
      await deeds[button.dataset.deed](button.dataset, row, button);
    } catch (error) {
      console.warn(error.message);
      say(row, row.dataset.failed);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.(".download[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (editing && event.target === box()) cancelEditing();
  });
})();
