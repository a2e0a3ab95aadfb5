"""A real mail server (aiosmtpd) for the tests. Prints its port, then each mail it takes as one line of JSON.

Recipients choose what happens: gone@ is refused for good, policy@ for good by policy, busy@ twice for now,
stall@ never gets an answer, drop@ loses the connection in the middle of the content.
"""
import argparse
import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(thing):
    print(json.dumps(thing), flush=True)


class Handler:
    def __init__(self):
        self.busy = 2

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0].lower()
        if name == "gone":
            return "550 5.1.1 No such mailbox"
        if name == "policy":
            return "550 5.7.1 Relaying denied"
        if name == "busy" and self.busy > 0:
            self.busy -= 1
            return "451 4.7.1 Greylisted, try again later"
        if name == "stall":
            say({"stalls": address})
            await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.decode() if session.auth_data else None,
            "content": base64.b64encode(envelope.original_content).decode(),
        })
        return "250 2.0.0 Taken as number 1"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if any(to.startswith("drop@") for to in self.envelope.rcpt_tos):
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def authenticate(user, password):
    def check(server, session, envelope, mechanism, data):
        good = data.login.decode() == user and data.password.decode() == password
        return AuthResult(success=good, handled=True, auth_data=data.login) if good else AuthResult(success=False, handled=False)
    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    options = parser.parse_args()
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    handler = Handler()

    def make():
        arguments = {"hostname": "test.example.org", "enable_SMTPUTF8": True}
        if tls and not options.implicit:
            arguments.update(tls_context=tls, require_starttls=True)
        if options.user:
            arguments.update(authenticator=authenticate(options.user, options.password), auth_required=True, auth_require_tls=tls is not None and not options.implicit)
        return Server(handler, **arguments)

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=tls if options.implicit else None)
    say({"port": server.sockets[0].getsockname()[1]})
    # Ends with its parent.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
