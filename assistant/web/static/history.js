// Kept conversations: the drawer beside the page, and the thumbs under an answer. The address says which one is open.
// Only this server is asked; what it sends is HTML that it has escaped.
(() => {
  "use strict";
  let place, talk, status;

  const opened = () => new URLSearchParams(location.search).get("conversation") ?? "";
  const inDrawer = (selector) => place.querySelector(selector);

  function addressOf(conversation) {
    const url = new URL(location.href);
    if (conversation) url.searchParams.set("conversation", conversation);
    else url.searchParams.delete("conversation");
    return url;
  }

  async function call(path, method = "GET", body) {
    const headers = body && { "content-type": "application/json" };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer.text();
  }

  function say(what) {
    status.textContent = place.firstElementChild.dataset[what];
  }

  // The server turns to the conversation of the address; this button of Gradio's is how it hears of it.
  function turnTo(conversation) {
    history.pushState(null, "", addressOf(conversation));
    document.getElementById("turn-to").click();
    markOpened();
  }

  function markOpened() {
    for (const item of place.querySelectorAll(".conversations li")) {
      const link = item.querySelector("a");
      if (item.dataset.id === opened()) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  let asked = 0;
  async function refresh() {
    const mine = ++asked;
    const list = await call(`history/list?words=${encodeURIComponent(inDrawer("[type=search]").value)}`);
    if (mine !== asked) return; // a later search was quicker
    inDrawer(".conversations").outerHTML = list;
    markOpened();
  }

  // Asks in the drawer's dialog; the button that was used brings the words. Gives the new title, true, or nothing.
  function confirmed({ heading, hint = "", action, value }) {
    const dialog = inDrawer("dialog");
    const title = dialog.querySelector("input");
    dialog.querySelector("h2").textContent = heading;
    dialog.querySelector("p").textContent = hint;
    dialog.querySelector(".yes").textContent = action;
    title.hidden = title.disabled = value === undefined;
    title.required = !title.hidden;
    title.value = value ?? "";
    dialog.returnValue = "";
    dialog.showModal();
    (title.hidden ? dialog.querySelector(".cancel") : title).focus();
    title.select();
    return new Promise((resolve) => {
      const closed = () => resolve(dialog.returnValue === "yes" && (title.hidden || title.value));
      dialog.addEventListener("close", closed, { once: true });
    });
  }

  const deeds = {
    new() {
      turnTo("");
      inDrawer("#drawer").hidePopover();
      document.querySelector("#question textarea").focus();
    },
    async rename(button, id) {
      const title = await confirmed(button.dataset);
      if (!title) return;
      await call(`history/${id}`, "PATCH", { title });
      await refresh();
      inDrawer(`li[data-id="${id}"] [data-do=rename]`)?.focus();
    },
    async delete(button, id) {
      if (!(await confirmed(button.dataset))) return;
      const item = button.closest("li");
      const next = (item.nextElementSibling ?? item.previousElementSibling)?.dataset.id;
      await call(`history/${id}`, "DELETE");
      if (id === opened()) turnTo("");
      await refresh();
      (inDrawer(`li[data-id="${next}"] a`) ?? inDrawer(".new")).focus();
      say("deleted");
    },
    async forget(button) {
      if (!(await confirmed(button.dataset))) return;
      await call("history", "DELETE");
      turnTo("");
      inDrawer("[type=search]").value = "";
      await refresh();
      inDrawer(".new").focus();
      say("deleted");
    },
  };

  function onDrawerClick(event) {
    const button = event.target.closest("[data-do]");
    const link = event.target.closest(".conversations a");
    if (button) {
      const done = deeds[button.dataset.do](button, button.closest("li")?.dataset.id);
      done?.catch(failed);
    } else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      turnTo(link.closest("li").dataset.id);
      inDrawer("#drawer").hidePopover();
    }
  }

  // An article shows all that the open conversation quotes of it, and the way back here.
  function onArticle(event) {
    const link = event.target.closest?.("#desk a[href^='articles/']");
    if (!link || !opened()) return;
    const url = new URL(link.href);
    url.searchParams.set("conversation", opened());
    link.href = url;
  }

  function failed(error) {
    console.warn(error.message);
    say("failed");
  }

  // What somebody thinks of an answer. The server sends the thumbs back as they are then.
  async function judge(opinion, said, focus) {
    const answer = await call(`feedback/${opinion.dataset.turn}`, "PUT", said);
    const turn = opinion.parentElement;
    opinion.outerHTML = answer;
    turn.querySelector(`.opinion ${focus}`)?.focus({ preventScroll: true });
    if (said.reason || said.verdict === "up") say("thanks");
  }

  function onThumb(event) {
    const thumb = event.target.closest("[data-verdict]");
    if (!thumb) return;
    const { verdict } = thumb.dataset;
    const again = thumb.getAttribute("aria-pressed") === "true";
    judge(thumb.closest(".opinion"), { verdict: again ? "" : verdict }, `[data-verdict=${verdict}]`).catch(failed);
  }

  function onReason(event) {
    const form = event.target.closest(".opinion form");
    if (!form) return;
    event.preventDefault();
    const reason = form.querySelector(":checked").value;
    const comment = form.querySelector("textarea").value;
    judge(form.closest(".opinion"), { verdict: "down", reason, comment }, "summary").catch(failed);
  }

  // A finished turn that is kept gives its conversation to the address, and goes to the top of the list.
  let newest = "";
  function onTalk() {
    const turn = talk.querySelector(".turn:last-of-type");
    const kept = turn?.dataset.kept;
    if (!kept || kept === newest) return;
    newest = kept;
    if (turn.dataset.conversation !== opened()) history.replaceState(null, "", addressOf(turn.dataset.conversation));
    refresh().catch(failed);
  }

  async function start() {
    place.innerHTML = await call("history");
    status = inDrawer("[role=status]");
    markOpened();
    place.addEventListener("click", onDrawerClick);
    inDrawer("dialog .cancel").addEventListener("click", () => inDrawer("dialog").close());
    inDrawer("[type=search]").addEventListener("input", () => refresh().catch(failed));
    talk.addEventListener("click", onThumb);
    for (const press of ["click", "auxclick"]) document.addEventListener(press, onArticle, { capture: true });
    talk.addEventListener("submit", onReason);
    addEventListener("popstate", () => document.getElementById("turn-to").click() ?? markOpened());
    new MutationObserver(onTalk).observe(talk, { childList: true, subtree: true });
    onTalk();
  }

  // Gradio builds the page after this script has run, and its parts in any order. Where nothing is kept, this waits on.
  function begin() {
    place = document.querySelector("#history .kept");
    talk = document.getElementById("talk");
    if (!place || !talk) return false;
    start().catch((error) => console.warn(error.message));
    return true;
  }
  if (begin()) return;
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
