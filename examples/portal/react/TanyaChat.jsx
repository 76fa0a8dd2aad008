// The chat as a React component (React 19 gives elements of one's own their properties and attributes as they are).
import { useEffect, useRef } from "react";

/** `getToken` gives the portal's token or a promise of it; `onAnswer` hears of each answer, not what it says. */
export function TanyaChat({ getToken, onAnswer, children, ...attributes }) {
  const chat = useRef(null);

  useEffect(() => {
    let end;
    let isGone = false;
    customElements.whenDefined("tanya-chat").then(() => {
      if (!isGone && onAnswer) end = chat.current.on("answer", onAnswer);
    });
    return () => {
      isGone = true;
      end?.();
    };
  }, [onAnswer]);

  return <tanya-chat ref={chat} getToken={getToken} {...attributes} />;
}
