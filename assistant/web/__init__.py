"""The chat page: questions in, cited answers out, everything served from this machine.

app.py           composes the parts into one FastAPI application, and serves it
conversation.py  what happens when somebody asks
visitor.py       who asks: a random number in a cookie
memory.py        what is kept of a conversation, and how it comes back
page.py          the chat as Gradio blocks
routes.py        the pages beside the chat
api/             the same answers for programs: HTTP, OpenAI's form, MCP
evaluation/      the pages about runs of test questions
corpus/          the pages about what is indexed
render.py        answers as HTML; pure functions
drawer.py        the kept conversations as HTML; pure functions
article.py       one article as HTML; pure functions
address.py       where an article is shown, and the words a link names
phrases.py       what the page says, in both languages
shell.py         the document that Gradio writes around the chat, made ours
security.py      the headers every response carries, and the doors that stay shut
ending.py        lets open pages go when the server stops
static/          style sheet, scripts and icon
"""
