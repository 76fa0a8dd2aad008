// Tanya in a page of yours: see docs/embedding.md and widget.d.ts. The chat is a frame of Tanya's own origin, which
// scripts of this page cannot read. Messages go to that origin alone, and only the frame is heard.
(() => {
  "use strict";
  if (customElements.get("tanya-chat")) return;
  const script = document.currentScript;
  const SILENT_MS = 20_000; // longer than a page needs
  const WORDS = {
    en: { heading: "Ask the news", close: "Close", failed: "The chat is not available on this page." },
    id: { heading: "Tanya berita", close: "Tutup", failed: "Obrolan ini tidak tersedia di halaman ini." },
  };
  const SETTINGS = ["lang", "theme", "accent", "accent-dark", "heading", "greeting", "examples"];
  const FILTERS = { since: "since", until: "until", source: "source", articles: "lang" };
  const phone = matchMedia("(max-width: 40rem)");

  const LOOK = `
    :host { display: block; }
    .root { all: initial; }
    .root, .launcher { font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    .root {
      color-scheme: light dark;
      --accent: light-dark(#9d2a20, #f0988a);
      --on-accent: oklch(from var(--accent) clamp(0, (0.66 - l) * 1000, 1) 0 0);
      --paper: light-dark(#faf8f3, #17181a);
      --ink: light-dark(#1d1b18, #e9e5dc);
      --rule: light-dark(#ddd7ca, #46494e);
      color: var(--ink);
    }
    .root[data-theme="light"] { color-scheme: light; }
    .root[data-theme="dark"] { color-scheme: dark; }
    iframe { display: block; flex: 1; width: 100%; min-height: 0; border: 0; background: var(--paper); color-scheme: inherit; }
    .inline { display: flex; flex-direction: column; height: 100%; min-height: 24rem; }
    .launcher, dialog { position: fixed; z-index: 2147483000; inset: auto 1.25rem 1.25rem auto; }
    .left :is(.launcher, dialog) { inset: auto auto 1.25rem 1.25rem; }
    .launcher {
      display: flex;
      gap: 0.6rem;
      align-items: center;
      min-height: 3.25rem;
      padding: 0 1.25rem 0 1rem;
      border: 0;
      border-radius: 99px;
      background: var(--accent);
      color: var(--on-accent);
      font-weight: 600;
      box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
      cursor: pointer;
    }
    .launcher[aria-expanded="true"] { visibility: hidden; }
    .launcher:hover { filter: brightness(1.08); }
    path { fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    svg { width: 1.4rem; }
    :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
    dialog {
      box-sizing: border-box;
      flex-direction: column;
      width: min(27rem, calc(100vw - 2.5rem));
      height: min(44rem, calc(100dvh - 2.5rem));
      max-width: none;
      max-height: none;
      padding: 0;
      overflow: hidden;
      border: 1px solid var(--rule);
      border-radius: 14px;
      background: var(--paper);
      color: var(--ink);
      box-shadow: 0 12px 40px rgb(0 0 0 / 28%);
    }
    dialog[open] { display: flex; }
    header {
      display: flex;
      flex: none;
      align-items: center;
      padding: 0.35rem 0.35rem 0.35rem 1.1rem;
      border-bottom: 1px solid var(--rule);
      background: light-dark(var(--accent), var(--paper));
      color: light-dark(var(--on-accent), var(--ink));
    }
    h2 { flex: 1; margin: 0; overflow: hidden; font: 700 1.1rem/1.4 Charter, "Noto Serif", Georgia, serif; text-overflow: ellipsis; white-space: nowrap; }
    .close { display: grid; place-items: center; width: 2.75rem; height: 2.75rem; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; }
    .close:focus-visible { outline-color: currentcolor; outline-offset: -6px; }
    .problem { margin: 0; padding: 2rem 1.5rem; text-align: center; }
    [hidden] { display: none !important; }
    @media (max-width: 40rem) {
      dialog, .left dialog { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media (prefers-reduced-motion: no-preference) {
      dialog[open] { animation: rise 0.18s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(0.75rem); } }
    }`;

  const ICONS = {
    ask: "M4 5h16v11H11l-4.5 4v-4H4zM10 8.7c.5-2 4-1.7 4 .3 0 1.3-2 1.5-2 2.6M12 13.6v.1",
    close: "M6 6l12 12M18 6L6 18",
  };

  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function icon(name) {
    const at = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(at, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(at, "path"));
    svg.firstChild.setAttribute("d", ICONS[name]);
    return svg;
  }

  /** Where Tanya is: this script's folder, or the attribute `server`. */
  function home(element) {
    const named = element.getAttribute("server") ?? script?.src;
    if (!named) throw new Error('<tanya-chat> needs server="https://…/" where widget.js is no plain script.');
    return new URL("./", new URL(named, location.href));
  }

  class TanyaChat extends HTMLElement {
    static observedAttributes = [...SETTINGS, ...Object.keys(FILTERS)];

    /** Gives the portal's token, or a promise of it; called again before each expires. */
    getToken = null;

    #root = make("div", { className: "root" });
    #frame = null;
    #ready = false;
    #waiting = []; // what is to be told once the frame listens
    #heard = {}; // type -> the portal's functions
    #before = null; // what had the focus when the panel was opened
    #silence = 0;

    constructor() {
      super();
      const sheet = new CSSStyleSheet(); // a <style> would ask the page's policy for 'unsafe-inline'
      sheet.replaceSync(LOOK);
      const shadow = this.attachShadow({ mode: "closed" });
      shadow.adoptedStyleSheets = [sheet];
      shadow.append(this.#root);
    }

    /** Opens the panel and puts the focus into it. */
    open() {
      const dialog = this.#root.querySelector("dialog");
      this.#load();
      if (dialog && !dialog.open) {
        this.#before = document.activeElement;
        if (phone.matches) dialog.showModal();
        else dialog.show();
        this.#root.querySelector(".launcher").setAttribute("aria-expanded", "true");
        this.#emit("open", {});
      }
      this.#frame?.focus();
      this.#tell("focus");
    }

    /** Closes the panel; the focus goes back to where it was. */
    close() {
      const dialog = this.#root.querySelector("dialog");
      if (dialog?.open) dialog.close();
    }

    /** Asks in the reader's name, and opens the panel. */
    ask(question) {
      this.open();
      this.#tell("ask", { question: String(question) });
    }

    /** Calls `heard` at each event of this type; gives a function that ends it. */
    on(type, heard) {
      (this.#heard[type] ??= new Set()).add(heard);
      return () => this.#heard[type].delete(heard);
    }

    /** Ends the token, and forgets what is shown. */
    logout() {
      if (!this.#ready) return this.#unload();
      this.#tell("logout");
    }

    connectedCallback() {
      const inline = this.getAttribute("mode") === "inline";
      addEventListener("message", this.#listen);
      this.#root.replaceChildren(...(inline ? [make("section", { className: "inline" })] : this.#bubble()));
      this.#root.classList.toggle("left", (this.getAttribute("position") ?? "").endsWith("left"));
      this.#dress();
      if (inline) this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#listen);
      this.#unload();
    }

    attributeChangedCallback(name, before, now) {
      if (!this.isConnected || before === now) return;
      this.#dress();
      if (name in FILTERS && this.#frame) {
        this.#unload();
        this.#load();
      } else if (this.#ready) this.#tell("settings", { settings: this.#settings() });
    }

    #bubble() {
      const launcher = make("button", { type: "button", className: "launcher" }, icon("ask"), make("span"));
      launcher.setAttribute("aria-haspopup", "dialog");
      launcher.setAttribute("aria-expanded", "false");
      launcher.addEventListener("click", () => this.open());
      const close = make("button", { type: "button", className: "close" }, icon("close"));
      close.addEventListener("click", () => this.close());
      const dialog = make("dialog", {}, make("header", {}, make("h2"), close));
      dialog.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
      dialog.addEventListener("close", () => {
        launcher.setAttribute("aria-expanded", "false");
        const before = this.#before; // this element itself where its launcher was used
        (before?.isConnected && before !== this && before !== document.body ? before : launcher).focus();
        this.#emit("close", {});
      });
      return [launcher, dialog];
    }

    get #words() {
      const lang = this.getAttribute("lang") ?? document.documentElement.lang ?? navigator.language;
      return WORDS[lang.slice(0, 2).toLowerCase()] ?? WORDS.en;
    }

    get #heading() {
      return this.getAttribute("heading") || this.#words.heading;
    }

    #dress() {
      this.#root.lang = this.#words === WORDS.id ? "id" : "en";
      this.#root.dataset.theme = this.getAttribute("theme") ?? "auto";
      const [accent, dark] = ["accent", "accent-dark"].map((name) => this.getAttribute(name) ?? "");
      if (CSS.supports("color", accent)) {
        const inDark = CSS.supports("color", dark) ? dark : `color-mix(in oklab, ${accent} 55%, white)`;
        this.#root.style.setProperty("--accent", `light-dark(${accent}, ${inDark})`);
      }
      for (const [selector, name] of [["dialog", "aria-label"], ["section", "aria-label"], ["iframe", "title"]]) {
        this.#root.querySelector(selector)?.setAttribute(name, this.#heading);
      }
      for (const place of this.#root.querySelectorAll(".launcher span, h2")) place.textContent = this.#heading;
      this.#root.querySelector(".close")?.setAttribute("aria-label", this.#words.close);
    }

    #settings() {
      const settings = { lang: this.#root.lang, phone: phone.matches };
      for (const name of SETTINGS.slice(1)) settings[name] = this.getAttribute(name) ?? "";
      return settings;
    }

    #load() {
      if (this.#frame) return;
      const address = new URL(`widget/${encodeURIComponent(this.getAttribute("site") ?? "")}`, home(this));
      for (const [attribute, name] of Object.entries(FILTERS)) {
        const value = this.getAttribute(attribute);
        if (value) address.searchParams.set(name, value);
      }
      address.searchParams.set("language", this.#root.lang);
      const theme = this.getAttribute("theme");
      if (theme === "light" || theme === "dark") address.searchParams.set("__theme", theme);
      this.#frame = make("iframe", {
        src: address.href,
        title: this.#heading,
        referrerPolicy: "origin", // so that the server can say civilly where it may not be shown
        allow: "clipboard-write",
      });
      const allowed = ["scripts", "same-origin", "forms", "popups", "popups-to-escape-sandbox", "downloads"];
      this.#frame.sandbox.add(...allowed.map((one) => `allow-${one}`)); // and never to take the page elsewhere
      this.#frame.addEventListener("load", () => this.#post({ type: "hello", settings: this.#settings() }));
      this.#silence = setTimeout(() => this.#fail("silent"), SILENT_MS);
      const problem = make("p", { className: "problem", role: "alert", hidden: true });
      this.#root.querySelector("dialog, section")?.append(problem, this.#frame);
    }

    #unload() {
      clearTimeout(this.#silence);
      this.#root.querySelector(".problem")?.remove();
      this.#frame?.remove();
      this.#frame = null;
      this.#ready = false;
      this.#waiting = [];
    }

    #fail(reason) {
      const problem = this.#root.querySelector(".problem");
      if (!problem) return;
      problem.textContent = this.#words.failed;
      problem.hidden = false;
      this.#frame.hidden = true;
      console.warn(`Tanya: ${reason}`);
      this.#emit("error", { reason, message: this.#words.failed });
    }

    #post(message) {
      this.#frame?.contentWindow?.postMessage({ tanya: 1, ...message }, home(this).origin);
    }

    #tell(type, more = {}) {
      if (this.#ready) this.#post({ type, ...more });
      else this.#waiting.push({ type, ...more });
    }

    #listen = (event) => {
      const said = event.data;
      if (!this.#frame || event.source !== this.#frame.contentWindow) return;
      if (event.origin !== home(this).origin || said?.tanya !== 1) return;
      clearTimeout(this.#silence);
      if (said.type === "ready") {
        this.#ready = true;
        for (const message of this.#waiting.splice(0)) this.#post(message);
        this.#emit("ready", {});
      } else if (said.type === "token") this.#sendToken();
      else if (said.type === "close") this.close();
      else if (said.type === "answer") this.#emit("answer", said.answer);
      else if (said.type === "error") this.#emit("error", { reason: said.reason, message: said.message });
      else if (said.type === "logged-out") {
        this.#unload();
        this.close();
        if (this.getAttribute("mode") === "inline") this.#load();
      }
    };

    async #sendToken() {
      let token = "";
      try {
        token = (await (this.getToken ?? this.#fetchToken).call(this)) || "";
      } catch (error) {
        console.warn(`<tanya-chat>: no token: ${error.message}`);
      }
      this.#post({ type: "token", token: String(token) });
    }

    /** The token of the portal's own address, as text or as {"token": "…"}. */
    async #fetchToken() {
      const address = this.getAttribute("token-url");
      if (!address) return "";
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
      const text = (await answer.text()).trim();
      return text.startsWith("{") ? JSON.parse(text).token : text;
    }

    #emit(type, detail) {
      for (const heard of this.#heard[type] ?? []) {
        try {
          heard(detail);
        } catch (error) {
          reportError(error);
        }
      }
    }
  }

  customElements.define("tanya-chat", TanyaChat);

  // The script with data-site makes its own element: `window.Tanya`.
  if (script?.dataset.site) {
    const chat = document.createElement("tanya-chat");
    for (const { name, value } of script.attributes) {
      if (name.startsWith("data-")) chat.setAttribute(name.slice(5), value);
    }
    window.Tanya = chat;
    if (document.body) document.body.append(chat);
    else addEventListener("DOMContentLoaded", () => document.body.append(chat));
  }
})();
