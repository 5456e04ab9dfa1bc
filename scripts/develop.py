"""Start Home Assistant with the integration and the demo devices; see scripts/develop."""

import argparse
import asyncio
import os
from pathlib import Path
import shutil
import signal
import socket
import sys

from tests.real import isolated
from tests.real.demo_home import DemoHome, Hosts
from tests.real.home_assistant import PASSWORD, URL, USER
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
Log:                           {log}
Ctrl-C stops everything.
"""
INSIDE = "It has its own network. To run a program there: {command}\n"


def options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="scripts/develop", description=__doc__)
    parser.add_argument("--isolated", action="store_true", help="in a network namespace of its own")
    parser.add_argument("--fresh", action="store_true", help="delete the data of earlier runs")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".develop")
    return parser.parse_args()


def check_port() -> None:
    """Exit with a message if another program uses Home Assistant's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", PORT))  # noqa: S104
        except OSError:
            sys.exit(f"Port {PORT} is taken: is another Home Assistant running?")


async def run(folder: Path, hosts: Hosts, inside: str) -> None:
    """Run the demo until a signal arrives, or until one of its programs ends."""
    stop_on_signal()
    async with DemoHome(folder, hosts) as home:
        log = home.home_assistant.process.log
        print(
            READY.format(url=URL, user=USER, password=PASSWORD, hosts=hosts, log=log) + inside,
            flush=True,
        )
        (await home.first_to_end()).check()


def stop_on_signal() -> None:
    """Cancel this task at the first signal; ignore later ones."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def stop() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        print("Stopping.", flush=True)
        if task:
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)


def enter_own_network() -> str:
    """Isolate this process; return how to run another program in its network."""
    user = "--user --preserve-credentials " if os.geteuid() else ""
    isolated.enter()
    return INSIDE.format(command=f"nsenter {user}--net -t {os.getpid()} PROGRAM")


def main() -> None:
    """Start, wait, stop."""
    chosen = options()
    inside = ""
    try:
        if chosen.isolated:
            inside = enter_own_network()
        check_port()
        if chosen.fresh:
            shutil.rmtree(chosen.folder, ignore_errors=True)
        hosts = Hosts.isolated() if chosen.isolated else Hosts.of_this_machine()
        asyncio.run(run(chosen.folder, hosts, inside))
    except asyncio.CancelledError:
        print("Stopped: nothing is running any more.")
    except (isolated.NamespaceError, OSError, RuntimeError, TimeoutError) as error:
        sys.exit(f"develop: {error}")


if __name__ == "__main__":
    main()
