// The chat in a portal's frame. Runs before everything else on the page: it gives each request of the page its token,
// and talks with the portal. Only messages of the page around us, from an origin of this site, are heard; what is said
// goes to that origin alone, and never holds what was asked or answered.
(() => {
  "use strict";
  const facts = document.documentElement.dataset;
  const origins = facts.origins.split(" ").filter(Boolean);
  const portal = window.parent;
  let origin = ""; // of the portal, once it has spoken

  const why = (reason) => `Tanya: refused: ${reason} (docs/embedding.md says what that means)`;
  const tell = (type, more = {}) => origin && portal.postMessage({ tanya: 1, type, ...more }, origin);

  if (facts.refused) {
    // There is no chat here, and the page around us may hear why.
    origin = origins[0] ?? "";
    console.warn(why(facts.refused));
    const said = () => tell("error", { reason: facts.refused, message: document.querySelector("p").textContent });
    addEventListener("DOMContentLoaded", said);
    return;
  }

  const words = JSON.parse(facts.words);
  let lang = /^(id|in)\b/.test(navigator.language) ? "id" : "en";

  // Tokens

  const WAIT_MS = 15_000; // for the portal's token
  const MARGIN_MS = 60_000; // a token this near its end is replaced before it is used
  let token = "";
  let goodUntil = 0; // by this machine's clock, counted from when the token came: clocks differ
  let coming = null; // {promise, resolve} while one is waited for

  function lifetime(text) {
    try {
      const { iat, exp } = JSON.parse(atob(text.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
      return (exp - iat) * 1000;
    } catch {
      return 0;
    }
  }

  function take(text) {
    const life = lifetime(text);
    token = text;
    goodUntil = Date.now() + life - Math.min(MARGIN_MS, life / 5);
    coming?.resolve(token);
    coming = null;
  }

  function tokenNow() {
    if (token && Date.now() < goodUntil) return token;
    if (!coming) {
      coming = Promise.withResolvers?.() ?? withResolvers();
      const mine = coming;
      setTimeout(() => mine.resolve(""), origin ? WAIT_MS : 4 * WAIT_MS);
      mine.promise.then(() => mine === coming && (coming = null));
      tell("token"); // before the portal has spoken nobody hears this; its first word asks again
    }
    return coming.promise;
  }

  function withResolvers() {
    const made = {};
    made.promise = new Promise((resolve) => (made.resolve = resolve));
    return made;
  }

  /** What the portal sent; where that is nothing, a token for an anonymous visitor, if this site has any. */
  async function receive(text) {
    facts.named = text ? "yes" : "no";
    if (!text && facts.anonymous === "yes") {
      const answer = await plain(`widget/${facts.site}/token`, { method: "PUT", headers: { "x-tanya-site": facts.site } });
      if (answer.ok) text = (await answer.json()).token;
      else explain(answer);
    }
    take(text);
  }

  // Requests

  const PRIVATE = ["gradio_api/", "history", "feedback/", "articles/", "filters", "share/", "widget/"];
  const RENEWED = ["expired", "logged-out", "signature", "not-yet"]; // a newer token may do better
  const plain = window.fetch.bind(window);

  function isPrivate(address) {
    const base = new URL(".", document.baseURI);
    const { origin: of, pathname } = new URL(address);
    return of === location.origin && PRIVATE.some((path) => pathname.startsWith(base.pathname + path));
  }

  function send(request, text) {
    const headers = new Headers(request.headers);
    headers.set("x-tanya-site", facts.site);
    headers.set("accept-language", lang);
    if (text) headers.set("authorization", `Bearer ${text}`);
    return plain(new Request(request, { headers, credentials: "omit" }));
  }

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!isPrivate(request.url)) return plain(input, init);
    const again = request.clone();
    let answer = await send(request, await tokenNow());
    if (answer.status === 401 && RENEWED.includes((await answer.clone().json()).reason)) {
      goodUntil = 0;
      answer = await send(again, await tokenNow());
    }
    const isQuestion = new URL(request.url).pathname.endsWith("/queue/join");
    if ([401, 403, 429, 503].includes(answer.status)) explain(answer.clone());
    else if (answer.ok) complained = "";
    if (answer.ok && isQuestion) explained();
    if (isQuestion && answer.ok && !turning) awaited += 1;
    if (isQuestion) turning = false;
    return answer;
  };

  let complained = ""; // the last reason that the portal was told

  async function explain(answer) {
    const { reason = "", ...said } = await answer.json().catch(() => ({}));
    if (!reason) return; // Gradio's own: its queue is full
    say(said[lang] ?? said.en);
    if (reason === complained && reason !== "limit") return; // a page sends several requests: one word is enough
    complained = reason;
    console.warn(why(reason));
    tell("error", { reason, message: said[lang] ?? said.en });
  }

  async function say(text) {
    await built();
    let place = document.querySelector(".portal-says");
    if (!place) {
      place = Object.assign(document.createElement("p"), { className: "portal-says" });
      place.setAttribute("role", "alert");
      document.body.prepend(place);
    }
    place.textContent = text;
  }

  function explained() {
    document.querySelector(".portal-says")?.remove();
  }

  // The page, which Gradio builds after this script has run

  let isBuilt = null;
  const built = () =>
    (isBuilt ??= new Promise((resolve) => {
      const here = () => ["#talk", "#question textarea", "#send"].every((one) => document.querySelector(one));
      const look = () => here() && (watching.disconnect(), resolve());
      const watching = new MutationObserver(look);
      watching.observe(document.documentElement, { childList: true, subtree: true });
      look();
    }));

  const box = () => document.querySelector("#question textarea");

  async function ask(question) {
    await built();
    box().value = question;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve)); // Gradio takes it over
    document.getElementById("send").click();
  }

  async function dress(settings) {
    const root = document.documentElement;
    lang = settings.lang === "id" ? "id" : "en";
    root.dataset.speaks = root.lang = lang;
    if (["light", "dark"].includes(settings.theme)) facts.theme = settings.theme;
    else delete facts.theme;
    const [accent, dark] = [settings.accent, settings["accent-dark"]];
    root.classList.toggle("tinted", CSS.supports("color", accent));
    if (CSS.supports("color", accent)) {
      root.style.setProperty("--accent", accent);
      root.style.setProperty("--accent-dark", CSS.supports("color", dark) ? dark : `color-mix(in oklab, ${accent} 55%, white)`);
    }
    await built();
    box().placeholder = words[lang].ask;
    document.getElementById("send").textContent = words[lang].send;
    const desk = document.getElementById("desk");
    desk.querySelector(".welcome")?.remove();
    desk.querySelector(".beginnings")?.remove();
    const welcome = Object.assign(document.createElement("p"), { className: "welcome", lang, dir: "auto" });
    welcome.textContent = settings.greeting || words[lang].greeting;
    desk.prepend(welcome);
    const examples = (settings.examples || "").split("|").map((text) => text.trim()).filter(Boolean);
    root.classList.toggle("has-examples", examples.length > 0);
    if (!examples.length) return;
    const beginnings = Object.assign(document.createElement("div"), { className: "beginnings" });
    for (const text of examples) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, dir: "auto" });
      button.addEventListener("click", () => ask(text));
      beginnings.append(button);
    }
    desk.append(beginnings);
  }

  // An answer that was waited for is told of; one that comes back from the history is not.
  let awaited = 0;
  let turning = false;
  let done = new Set();
  document.addEventListener("click", (event) => (turning ||= Boolean(event.target.closest?.("#turn-to"))), true);

  function onTalk() {
    const turns = [...document.querySelectorAll('#talk .turn[aria-busy="false"]')];
    const fresh = turns.filter((turn) => !done.has(turn.id));
    done = new Set(turns.map((turn) => turn.id));
    const turn = fresh.at(-1);
    if (!turn || !awaited) return;
    awaited -= 1;
    const citations = turn.querySelectorAll(".chip").length;
    const failed = Boolean(turn.querySelector(".problem"));
    tell("answer", { answer: { found: citations > 0, citations, failed } });
  }

  built().then(() => new MutationObserver(onTalk).observe(document.getElementById("talk"), { childList: true, subtree: true }));

  // Escape closes the panel, unless something in here is closed by it.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (!document.querySelector(":popover-open, dialog[open]")) tell("close");
  });

  // The portal

  const deeds = {
    hello({ settings }) {
      tell("ready");
      if (coming) tell("token"); // asked for before anybody heard it
      else tokenNow();
      return dress(settings);
    },
    settings: ({ settings }) => dress(settings),
    token: ({ token: text }) => receive(String(text ?? "")),
    ask: ({ question }) => ask(String(question ?? "")),
    focus: () => built().then(() => box().focus()),
    async logout() {
      if (token) await plain(`widget/${facts.site}/token`, { method: "DELETE", keepalive: true, headers: { "x-tanya-site": facts.site, authorization: `Bearer ${token}` } });
      take("");
      complained = "";
      tell("logged-out");
    },
  };

  addEventListener("message", (event) => {
    if (event.source !== portal || portal === window || !origins.includes(event.origin)) return;
    const said = event.data;
    if (said?.tanya !== 1 || !Object.hasOwn(deeds, said.type)) return;
    origin = event.origin;
    Promise.resolve(deeds[said.type](said)).catch((error) => console.warn(error.message));
  });

  // Opened by itself there is nobody who could say who is asking.
  if (portal === window) say(words[lang].elsewhere);
})();
