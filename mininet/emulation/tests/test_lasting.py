"""Both ends of connections that last, on the loopback: what is whole passes, and what is not is noticed."""

import queue
import socket
import threading
import unittest
import zlib

from emulation import lasting


class FramesTest(unittest.TestCase):
    def test_an_answer_is_understood(self):
        name, running = "server1", 0
        for number in (1, 2, 77, (1 << 62) | 1):
            sent = lasting.frame(number)
            self.assertEqual(lasting.FRAME, len(sent))
            answer, running = lasting.answer(sent, name, running)
            self.assertEqual(lasting.FRAME, len(answer))
            self.assertEqual(name, lasting.understand(answer, number, running))

    def test_every_changed_bit_is_noticed(self):
        sent = lasting.frame(5)
        answer, running = lasting.answer(sent, "server1", 0)
        for position in range(0, lasting.FRAME * 8, 37):
            with self.assertRaises(lasting.Wrong):
                lasting.understand(_flipped(answer, position), 5, running)
            if position >= 12 * 8:
                with self.assertRaises(lasting.Wrong):
                    lasting.answer(_flipped(sent, position), "server1", 0)

    def test_an_answer_of_another_connection_is_noticed(self):
        first, running = lasting.answer(lasting.frame(1), "server1", 0)
        second, running = lasting.answer(lasting.frame(2), "server1", running)
        stranger, _ = lasting.answer(lasting.frame(2), "server1", 0)
        self.assertEqual("server1", lasting.understand(second, 2, running))
        for wrong in (first, stranger):
            with self.assertRaises(lasting.Wrong):
                lasting.understand(wrong, 2, running)


class EndsTest(unittest.TestCase):
    def setUp(self):
        told = queue.Queue()
        threading.Thread(
            target=lasting.serve, args=(0, "server1", lambda *facts: told.put(facts)), daemon=True
        ).start()
        self.port, self.stop = told.get(timeout=10)

    def tearDown(self):
        self.stop.set()

    def test_connections_end_in_every_way_that_needs_no_root(self):
        for way in ("close", "server", "half", "reset"):
            record = lasting.short("127.0.0.1", self.port, way, timeout=5)
            self.assertIsNone(record["error"], way)
            self.assertEqual("server1", record["server"])

    def test_a_port_is_used_again_and_again(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free = probe.getsockname()[1]
        order = {"host": "127.0.0.1", "port": self.port, "sourcePort": free, "rounds": 3, "pause": 0}
        records = lasting.reuse(order)
        self.assertEqual([None] * 3, [record["error"] for record in records])
        self.assertEqual({free}, {record["sourcePort"] for record in records})

    def test_a_server_that_is_not_there_is_an_error_of_the_record(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free = probe.getsockname()[1]
        self.assertIn("refused", lasting.short("127.0.0.1", free)["error"])

    def test_the_server_checks_all_that_it_received(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            running = 0
            for number in (1, 2, 3):
                sent = lasting.frame(number)
                running = zlib.crc32(sent[12:], running)
                connection.sendall(sent)
                received = b""
                while len(received) < lasting.FRAME:
                    received += connection.recv(lasting.FRAME)
                self.assertEqual("server1", lasting.understand(received, number, running))
            connection.sendall(_flipped(lasting.frame(4), 1000))
            self.assertEqual(b"", connection.recv(1))


def _flipped(data, position):
    changed = bytearray(data)
    changed[position // 8] ^= 1 << position % 8
    return bytes(changed)


if __name__ == "__main__":
    unittest.main()
