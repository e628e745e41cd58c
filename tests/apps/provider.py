#!/usr/bin/env python3
"""Plays the provider's REST API for tests of programs.

Usage: provider.py OUTPUT

Prints its address, then writes each request to OUTPUT: method, path and form. Calls whose SID ends
in `ended` are over, those in `unknown` are not known, those in `broken` get garbage, those in
`painted` come from somebody who would write on the operator's terminal, and are not changed; all
others are in progress.
"""

import http.server
import json
import sys
import urllib.parse


PAINT = "client:\x1b]0;mine\x07\x1b[2J\x9b31m\u202eeve\u2066\r\nstatus: completed\x00\x7f"


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with open(sys.argv[1], "a", encoding="utf-8") as output:
            output.write(f"{self.command} {self.path} {urllib.parse.unquote_plus(body)}\n")
        sid = self.path.rsplit("/", 1)[-1].removesuffix(".json")
        call = {"sid": sid, "status": "completed" if sid.endswith("ended") else "in-progress",
                "direction": "inbound", "from": "+14155550100", "to": "+14155550199"}
        if sid.endswith("painted"):
            call.update({"from": PAINT, "to": PAINT, "direction": PAINT, "parent_call_sid": PAINT,
                         "answered_by": PAINT, "sid": PAINT})
        if not self.headers.get("Authorization", "").startswith("Basic "):
            self.reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        elif sid.endswith("unknown"):
            self.reply(404, {"code": 20404, "message": "not found", "status": 404})
        elif sid.endswith("broken"):
            self.reply(200, None)
        elif sid.endswith("ended") and self.command == "POST":
            self.reply(400, {"code": 21220, "message": "Call is not in-progress", "status": 400})
        elif sid.endswith("painted") and self.command == "POST":
            self.reply(400, {"code": 21211, "message": PAINT, "more_info": PAINT, "status": 400})
        else:
            self.reply(200, call)

    do_GET = do_POST = answer

    def reply(self, status, value):
        text = b"<garbage" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
