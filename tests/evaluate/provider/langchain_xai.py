"""A provider's package whose model wants a key, `early` when it is made or `late` when it is asked."""

from __future__ import annotations

import os
from typing import Any

from langchain_core.language_models.chat_models import SimpleChatModel
from langchain_core.messages import BaseMessage


class ChatXAI(SimpleChatModel):
    model: str

    def model_post_init(self, context: Any, /) -> None:
        if self.model == "early" and "XAI_API_KEY" not in os.environ:
            raise ValueError("api_key must be given")

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _call(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> str:
        return "correct"
