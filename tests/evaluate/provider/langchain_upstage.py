"""A provider's package as LangChain's `init_chat_model` finds one: it is put on the path by the test that names it.

The judge in it calls correct what is in bold and a right answer, and everything else wrong.
"""

from __future__ import annotations

import json
from typing import Any

from langchain_core.language_models.chat_models import SimpleChatModel
from langchain_core.messages import BaseMessage


class ChatUpstage(SimpleChatModel):
    model: str
    temperature: float

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _call(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> str:
        if self.model == "unreachable":
            raise ConnectionError("no route to the host")
        assert self.temperature == 0
        shown = json.loads(messages[-1].text)
        return "correct" if shown["in_bold"] in shown["right_answers"] else "wrong"
