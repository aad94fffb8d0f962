"""A Modbus TCP server for tests: port as argument, commands as lines on standard input.

set TABLE ADDRESS VALUE...   TABLE is hr, ir, co or di
delay SECONDS                every answer waits so long

Unit 1 is there; of unit 2 it says, as a bridge does, that it did not respond.
"""
import socket
import sys
import threading
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.exceptions import NoSuchSlaveException
from pymodbus.server import StartTcpServer

REGISTERS = 400
delay = 0.0


class SlowBlock(ModbusSequentialDataBlock):
    def getValues(self, address, count=1):
        time.sleep(delay)
        return super().getValues(address, count)


class BehindABridge(ModbusSlaveContext):
    def validate(self, fc_as_hex, address, count=1):
        raise NoSuchSlaveException()


def serve(port, context):
    StartTcpServer(context=context, address=("127.0.0.1", port), allow_reuse_address=True)


def wait_until_it_answers(port):
    for _ in range(2000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.005)
    sys.exit("the server did not start")


def main():
    global delay
    port = int(sys.argv[1])
    slave = ModbusSlaveContext(
        di=SlowBlock(0, [0] * REGISTERS), co=SlowBlock(0, [0] * REGISTERS),
        hr=SlowBlock(0, [0] * REGISTERS), ir=SlowBlock(0, [0] * REGISTERS), zero_mode=True)
    functions = {"hr": 3, "ir": 4, "co": 1, "di": 2}
    threading.Thread(target=serve, args=(port, ModbusServerContext(slaves={1: slave, 2: BehindABridge()}, single=False)), daemon=True).start()
    wait_until_it_answers(port)
    print("listening", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "set":
            slave.setValues(functions[words[1]], int(words[2]), [int(w) for w in words[3:]])
        elif words[0] == "delay":
            delay = float(words[1])
        print("done", flush=True)


main()
