"""A portal to try the widget with: it serves the pages of this folder and signs tokens for "Dewi Lestari".

    tanya sites add hr-portal --origin http://localhost:8080
    TANYA_SECRET=… python examples/portal/portal.py --tanya http://127.0.0.1:7860

Then open http://localhost:8080. A real portal signs for whoever is signed in; here everybody is Dewi.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sign import token_for

HERE = Path(__file__).resolve().parent
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


class Portal(BaseHTTPRequestHandler):
    tanya = ""
    site = ""
    secret = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/tanya-token":
            token = token_for("dewi.lestari", self.site, self.secret, groups=["staff", "hr"])
            self.answer(json.dumps({"token": token}), "application/json")
            return
        file = (HERE / (path.lstrip("/") or "plain.html")).resolve()
        if HERE in file.parents and file.suffix in TYPES and file.is_file():
            self.answer(file.read_text("utf-8").replace("https://tanya.example", self.tanya), TYPES[file.suffix])
        else:
            self.send_error(404)

    def answer(self, text: str, type: str) -> None:
        body = text.encode("utf-8")
        self.send_response(200)
        self.send_header("content-type", f"{type}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tanya", default="http://127.0.0.1:7860", help="where Tanya is")
    parser.add_argument("--site", default="hr-portal", help="the site, as tanya sites add named it")
    parser.add_argument("--port", type=int, default=8080)
    given = parser.parse_args()
    Portal.tanya, Portal.site, Portal.secret = given.tanya.rstrip("/"), given.site, os.environ["TANYA_SECRET"]
    with ThreadingHTTPServer(("127.0.0.1", given.port), Portal) as server:
        print(f"The portal is at http://localhost:{server.server_port} (Ctrl-C ends it)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
