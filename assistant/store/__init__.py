"""The index: SQLite holds the truth, FAISS is a cache derived from it, LangChain's `VectorStore` is the door."""

from assistant.store.index import Index, rebuilding
from assistant.store.vectorstore import PassageStore

__all__ = ["Index", "PassageStore", "rebuilding"]
