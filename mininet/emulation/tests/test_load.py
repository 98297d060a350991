"""The load generator against a server of its own, and what the benchmark says of its figures."""

import ipaddress
import socket
import threading
import unittest

from emulation import connectionsbench, topology
from emulation.bucketlab import Buckets
from emulation.load import MOST, Addresses, Load, Sources
from emulation.trouble import Trouble


class _Server:
    """Answers so many requests like the scenarios' web servers, one after the other; then refuses by closing."""

    def __init__(self, answers):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.clients = []
        self._thread = threading.Thread(target=self._serve, args=(answers,), daemon=True)
        self._thread.start()

    def _serve(self, answers):
        for answer in answers:
            connection, client = self._listener.accept()
            self.clients.append(client)
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

    def close(self):
        self._thread.join(10)
        self._listener.close()


_GOOD = b"HTTP/1.1 200 OK\r\n\r\nserver7 127.0.0.1 1 127.0.0.1 2\n"
_BAD = b"HTTP/1.1 503 Sorry\r\n\r\nno\n"


class LoadTest(unittest.TestCase):
    def load(self, answers, **order):
        server = _Server(answers)
        self.addCleanup(server.close)
        order = {"kind": "connections", "targets": [["127.0.0.1", server.port]], "concurrency": 1,
                 "sources": [["127.0.5.1", 100, 4]], **order}  # fmt: skip
        return Load(order).run(), server

    def test_counts_servers_and_latencies_and_ends_with_its_count(self):
        result, server = self.load([_GOOD] * 9, count=9)
        self.assertEqual((9, 9, 0), (result["begun"], result["done"], result["failed"]))
        self.assertEqual({"server7": 9}, result["servers"])
        self.assertEqual(9, len(result["micros"]))
        self.assertEqual(9, len({client for client in server.clients}))
        self.assertEqual({"127.0.5.1", "127.0.5.2", "127.0.5.3"}, {address for address, _ in server.clients})

    def test_another_answer_is_a_failure_that_is_told(self):
        result, _ = self.load([_GOOD, _BAD], count=2)
        self.assertEqual((1, 1), (result["done"], result["failed"]))
        self.assertIn("503", result["errors"][0])

    def test_the_first_connections_come_from_the_ports_told(self):
        with socket.create_server(("127.0.5.1", 0)) as probe:
            port = probe.getsockname()[1]
        _, server = self.load([_GOOD] * 2, count=2, ports=[port])
        self.assertEqual(port, server.clients[0][1])
        self.assertNotEqual(port, server.clients[1][1])

    def test_bulk_is_counted_in_bytes(self):
        result, _ = self.load([b"x" * 300_000] * 2, kind="bulk", count=2)
        self.assertEqual((2, 600_000), (result["done"], result["bytes"]))


class SourcesTest(unittest.TestCase):
    def test_no_address_more_often_than_told_and_then_none(self):
        sources = Sources(("10.17.0.254", 3, 2))
        taken = [sources.take() for _ in range(7)]
        self.assertEqual(["10.17.0.254"] * 2 + ["10.17.0.255"] * 2 + ["10.17.1.0"] * 2 + [None], taken)
        self.assertTrue(all(ipaddress.ip_address(address) for address in taken[:6]))

    def test_one_block_after_the_other(self):
        sources = Sources(("10.17.0.1", 1, 2), ("10.18.0.1", 2, 1))
        self.assertEqual(["10.17.0.1", "10.17.0.1", "10.18.0.1", "10.18.0.2", None], [sources.take() for _ in range(5)])


class _Network:
    """Takes every command; its clients are the plan's."""

    plan = topology.routed(2, 2, 2, 2)

    def run(self, *_):
        return ""


class AddressesTest(unittest.TestCase):
    def setUp(self):
        self.addresses = Addresses(_Network())
        self.client = _Network.plan.clients[1]

    def test_one_block_where_no_number_is_asked_for(self):
        self.assertEqual([("10.18.1.0", 2048, 4)], self.addresses.take(self.client))

    def test_as_many_blocks_as_a_number_of_connections_needs_and_none_of_them_twice(self):
        taken = self.addresses.take(self.client, 25_000)
        self.assertEqual(4, len(taken))
        self.addresses.give_back()
        taken += self.addresses.take(self.client, 27 * 8192)
        self.assertEqual(31, len(set(taken)))
        self.assertTrue(all(first.startswith("10.18.") for first, _, _ in taken))

    def test_all_that_a_client_has_and_no_more(self):
        self.assertEqual(31, len(self.addresses.take(self.client, MOST)))
        with self.assertRaisesRegex(Trouble, "253952 are the most"):
            self.addresses.take(self.client, MOST + 1)


class BoundTest(unittest.TestCase):
    def test_bound_of_equal_ratios_is_the_ratio(self):
        self.assertEqual(0.9, connectionsbench.lower_bound([0.9] * 10))

    def test_bound_is_below_the_median_and_a_lucky_round_does_not_raise_it(self):
        ratios = [0.9, 0.95, 0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.05, 1.1]
        bound = connectionsbench.lower_bound(ratios)
        self.assertLess(bound, 0.995)
        self.assertGreater(bound, 0.9)
        self.assertEqual(bound, connectionsbench.lower_bound([*ratios[:-1], 100]))


class BucketsTest(unittest.TestCase):
    def test_a_buckets_port_has_its_index_in_the_bits_of_the_mask(self):
        buckets = Buckets.__new__(Buckets)
        buckets.mask = 0b1111110
        self.assertEqual([0, 2, 126], [buckets.source_port(index) for index in (0, 1, 63)])
        buckets.mask = 0x8022
        self.assertEqual(0x8002, buckets.source_port(0b101))

    def test_a_connections_server_is_its_buckets(self):
        buckets = Buckets.__new__(Buckets)
        buckets.mask = 0x8022
        buckets.entries = {
            index: {"server": f"10.0.0.{index}:8080", "next": "10.0.1.1:8080" if index == 7 else None} for index in range(8)
        }
        for index in range(7):
            self.assertEqual(f"10.0.0.{index}", buckets.server_of(buckets.source_port(index) | 0x1001))
        self.assertEqual("10.0.1.1", buckets.server_of(0xFFFF))


if __name__ == "__main__":
    unittest.main()
