"""The HTTP API: questions in, cited answers out, for programs.

mount.py          puts the three doors on the application: /api/v1, /v1 and /mcp, and the page /api
service.py        what they answer from, shared by all three
work.py           threads: how many questions at once, how many may wait, how long an answer may take
gate.py           what a request must be to come in: JSON, not too large, not too slow
rights.py         who may do what
problem.py        what went wrong, as RFC 9457 has it
bodies.py         what is sent and received; `assistant/client.py` reads the same
telling.py        records -> bodies
questions.py      ask and search
articles.py       what is in the index
conversations.py  the asker's own conversations, and what they thought of the answers
health.py         alive, ready, and the figures for Prometheus
metrics.py        what is counted
completions.py    the same answers in the form of OpenAI's chat completions
tools.py          the same answers as tools of an MCP server, where that is installed
tool_server.py    its tools
document.py       the page /api, written from the OpenAPI document
phrases.py        what that page says, in both languages
"""
