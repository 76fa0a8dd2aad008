import { useCallback, useState } from "react";
import { createRoot } from "react-dom/client";

import { TanyaChat } from "./TanyaChat.jsx";

async function getToken() {
  const answer = await fetch("/tanya-token");
  return (await answer.json()).token;
}

function Page() {
  const [answers, setAnswers] = useState(0);
  const onAnswer = useCallback(() => setAnswers((count) => count + 1), []);
  return (
    <main>
      <h1>Regional desk</h1>
      <p className="count">Answers on this page: {answers}</p>
      <TanyaChat className="ask" site="hr-portal" mode="inline" getToken={getToken} onAnswer={onAnswer} since="2000" />
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
