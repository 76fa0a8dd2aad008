/** The types of https://tanya.example/widget.js; docs/embedding.md explains each. */

/** What is said of an answer. Never its words: those stay in the frame. */
export interface TanyaAnswer {
  /** Whether the articles answer the question. */
  found: boolean;
  /** How many passages are quoted. */
  citations: number;
  /** Whether something went wrong, and the question has no answer. */
  failed: boolean;
}

export interface TanyaProblem {
  /** "expired", "signature", "audience", "too-long", "not-yet", "malformed", "no-token", "logged-out", "revoked",
   * "unknown-site", "origin", "limit", "elsewhere", "broken" or "silent". */
  reason: string;
  /** What the reader is told, in their language. */
  message: string;
}

export interface TanyaEvents {
  ready: Record<string, never>;
  open: Record<string, never>;
  close: Record<string, never>;
  answer: TanyaAnswer;
  error: TanyaProblem;
}

export interface TanyaAttributes {
  /** The name that `tanya sites add` was given. */
  site: string;
  /** "bubble": a button that opens a panel. "inline": a part of the page, as large as the element. */
  mode?: "bubble" | "inline";
  position?: "bottom-right" | "bottom-left";
  /** The language of buttons and messages; answers are in the language of their question. */
  lang?: "en" | "id";
  theme?: "auto" | "light" | "dark";
  /** Any CSS colour. */
  accent?: string;
  "accent-dark"?: string;
  heading?: string;
  greeting?: string;
  /** Questions to begin with, a "|" between them. */
  examples?: string;
  /** An address of the portal that answers with a token, as text or as {"token": "…"}. */
  "token-url"?: string;
  /** Only articles of this day or later: 2024, 2024-05 or 2024-05-17. */
  since?: string;
  until?: string;
  source?: string;
  /** Only articles in this language. */
  articles?: string;
  /** The folder of widget.js, with a slash at its end, where it is loaded as a module. */
  server?: string;
}

export interface TanyaChat extends HTMLElement {
  /** Gives the portal's token; called again before each expires. Goes before `token-url`. */
  getToken: (() => string | Promise<string>) | null;
  open(): void;
  close(): void;
  /** Asks in the reader's name, and opens the panel. */
  ask(question: string): void;
  /** Has the server refuse the token from now on, and forgets what is shown. */
  logout(): void;
  /** Calls `heard` at each event of this type; gives a function that ends it. */
  on<Type extends keyof TanyaEvents>(type: Type, heard: (event: TanyaEvents[Type]) => void): () => void;
}

declare global {
  interface HTMLElementTagNameMap {
    "tanya-chat": TanyaChat;
  }
  interface Window {
    /** The element that `<script data-site>` made. */
    Tanya: TanyaChat;
  }
}
