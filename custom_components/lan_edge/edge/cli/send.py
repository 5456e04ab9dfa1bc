"""Have a device carry out one command.

The command is written as `switch.on`, or `level.set 40`; that of a part of the device begins with
the part: `outlet_1.switch.off`. Arguments can also be written with their names: `rate=2`.
"""

import argparse

from .drivers import add_driver_arguments, driver_named
from .exits import Exit
from .identify import one_at
from .lines_in import LineReader
from .opening import add_device_arguments, opened
from .output import Output
from .typed import parse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("host", metavar="HOST", help="where it is: 192.168.1.40, or with :PORT")
    parser.add_argument("command", metavar="COMMAND", help="such as switch.on")
    parser.add_argument("values", metavar="ARGUMENT", nargs="*", help="such as 40, or rate=2")
    parser.add_argument(
        "--driver",
        metavar="DRIVER",
        help="the id of a driver, or a file; by default, the driver that the device answers to",
    )
    add_driver_arguments(parser)
    add_device_arguments(parser)


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Carry out the command; raise EdgeError."""
    if arguments.driver:
        driver = await driver_named(arguments.driver, arguments.drivers)
    else:
        driver = await one_at(arguments.host, arguments.drivers, arguments.settings)
    async with opened(driver, arguments, output, LineReader()) as device:
        typed = parse(arguments.command, arguments.values, device.profile)
        await device.commands.execute(typed.command, typed.arguments, typed.component)
        attribute = typed.command.sets
        value = attribute and device.state.get(attribute, typed.component)
        shown = f": {attribute.id} is {value}" if attribute and value is not None else ""
        output.tell(
            f"{output.styled('done', 'green')}{shown}",
            done=typed.command.id,
            component=typed.component,
            **({"attribute": attribute.id, "value": value} if attribute else {}),
        )
    return Exit.DONE
