"""Start the newest Home Assistant with the integration and three demo devices."""

import argparse
import asyncio
from collections.abc import AsyncGenerator
import contextlib
import os
from pathlib import Path
import shutil
import signal
import socket
import sys

from tests.real import isolated
from tests.real.demo_home import DemoHome, Hosts
from tests.real.home_assistant import DRIVERS, PASSWORD, URL, USER
from tests.real.process import REPOSITORY

PORT = 8123
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

READY = """
Home Assistant with LAN Edge:  {url}
Log in as:                     {user}, password {password}
Discovered devices to add:     {url}/config/integrations/dashboard
    relay (rest_switch)   {hosts.relay}
    bulb  (json_bulb)     {hosts.bulb}
    plug  (wemo)          {hosts.plug}, found by our own search
Your driver files go to:       {drivers}
Log:                           {log}
Ctrl-C stops everything.
"""
INSIDE = """
It has a network of its own, so that address opens only in there. To look at it:
    in a browser on this machine:  start it with scripts/develop --share
    in a program of that network:  {command}
"""
SHARED = """
It has a network of its own. This machine, and no other, reaches it at {url}
"""
LOOPBACK = "127.0.0.1"


def options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="scripts/develop", description=__doc__)
    parser.add_argument("--isolated", action="store_true", help="in a network namespace of its own")
    parser.add_argument(
        "--share",
        nargs="?",
        type=int,
        const=PORT,
        metavar="PORT",
        help=f"isolated, and a browser on this machine can open it, by default at {PORT}",
    )
    parser.add_argument("--fresh", action="store_true", help="delete the data of earlier runs")
    parser.add_argument(
        "--folder",
        type=Path,
        default=REPOSITORY / ".develop",
        help="where its configuration and data are kept, by default in .develop",
    )
    return parser.parse_args()


def check_port() -> None:
    """Exit with a message if another program uses Home Assistant's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", PORT))  # noqa: S104
        except OSError:
            sys.exit(f"Port {PORT} is taken: is another Home Assistant running?")


def say(text: str) -> None:
    """Print what is done now."""
    print(text, flush=True)


async def run(folder: Path, hosts: Hosts, inside: str, listener: socket.socket | None) -> None:
    """Run the demo until a signal arrives, or until one of its programs ends."""
    stop_on_signal()
    async with DemoHome(folder, hosts, say=say) as home, shared(listener):
        paths = {
            "log": home.home_assistant.process.log,
            "drivers": home.home_assistant.config / DRIVERS,
        }
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}" if listener else URL
        say(READY.format(url=url, user=USER, password=PASSWORD, hosts=hosts, **paths) + inside)
        (await home.first_to_end()).check()


def stop_on_signal() -> None:
    """Cancel this task at the first signal; ignore later ones."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def stop() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        say("Stopping.")
        if task:
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)


def new_listener(port: int) -> socket.socket:
    """Return a socket to which only this machine can connect; exit if the port is taken."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        sys.exit(f"Port {port} is taken. Choose another one: scripts/develop --share PORT")


@contextlib.asynccontextmanager
async def shared(listener: socket.socket | None) -> AsyncGenerator[None]:
    """Forward connections from `listener`, a socket of the host's network, to Home Assistant."""
    if listener is None:
        yield
        return
    server = await asyncio.start_server(_forward, sock=listener)
    try:
        yield
    finally:
        server.close()
        server.close_clients()  # an open page would keep it


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError), contextlib.closing(writer):
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, PORT)
        with contextlib.closing(inner_writer):
            await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def enter_own_network() -> str:
    """Isolate this process; return how to run another program in its network."""
    user = "--user --preserve-credentials " if os.geteuid() else ""
    isolated.enter()
    return INSIDE.format(command=f"nsenter {user}--net -t {os.getpid()} PROGRAM")


def main() -> None:
    """Start, wait, stop."""
    chosen = options()
    inside, listener = "", None
    try:
        if chosen.share is not None:
            listener = new_listener(chosen.share)  # it stays in this network
        if is_isolated := chosen.isolated or listener is not None:
            inside = enter_own_network()
        if listener is not None:
            inside = SHARED.format(url=f"http://{LOOPBACK}:{listener.getsockname()[1]}")
        check_port()
        if chosen.fresh:
            shutil.rmtree(chosen.folder, ignore_errors=True)
        hosts = Hosts.isolated() if is_isolated else Hosts.of_this_machine()
        asyncio.run(run(chosen.folder, hosts, inside, listener))
    except asyncio.CancelledError:
        print("Stopped: nothing is running any more.")
    except (isolated.NamespaceError, OSError, RuntimeError, TimeoutError) as error:
        sys.exit(f"develop: {error}")


if __name__ == "__main__":
    main()
