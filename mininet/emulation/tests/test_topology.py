"""Plans: what hangs where, nothing twice, and what the application is told of it."""

import collections
import ipaddress
import itertools
import unittest

from emulation import topology
from emulation.trouble import Trouble


class TopologyTest(unittest.TestCase):
    def plans(self):
        for clients, ilbs, leaves, servers in itertools.product((1, 4), (1, 4, 9), (1, 2, 3), (1, 4, 7)):
            yield topology.routed(clients, ilbs, leaves, servers)
        for ilbs in (1, 2, 3, 5):
            yield topology.flat(clients=4, ilbs=ilbs, servers=3, ordinary=2)

    def test_no_port_mac_address_or_datapath_id_is_used_twice(self):
        for plan in self.plans():
            ends = collections.Counter()
            for link in plan.links:
                ends.update([(link.left, link.left_port), (link.right, link.right_port)])
            self.assertEqual({1}, set(ends.values()), plan)
            interfaces = [interface for host in plan.hosts for interface in host.interfaces]
            self.assertEqual(len(interfaces), len({interface.mac for interface in interfaces}))
            self.assertEqual(len(interfaces), len({interface.ip for interface in interfaces}))
            self.assertEqual(len(plan.switches), len({switch.dpid for switch in plan.switches}))

    def test_every_interface_of_a_host_has_its_cable(self):
        for plan in self.plans():
            ends = {(link.left, link.left_port) for link in plan.links} | {
                (link.right, link.right_port) for link in plan.links
            }
            for host in plan.hosts:
                for interface in host.interfaces:
                    self.assertIn((host.name, interface.port), ends)

    def test_routed_every_ilb_reaches_every_leaf_and_no_server_hangs_on_an_ilb(self):
        plan = topology.routed(clients=2, ilbs=4, leaves=2, servers=4)
        self.assertEqual(8, len(plan.switch_links()))
        for server in plan.servers:
            self.assertIn(plan.attachment(server.name)[0], plan.leaves)

    def test_routed_router_spreads_over_all_ilbs_each_on_a_range_of_its_own(self):
        plan = topology.routed(clients=2, ilbs=4)
        router = plan.host("router")
        self.assertEqual(("10.10.1.1", "10.10.2.1", "10.10.3.1", "10.10.4.1"), router.routes[0].gateways)
        ranges = [ipaddress.ip_interface(interface.address).network for interface in router.interfaces]
        self.assertEqual(len(ranges), len(set(ranges)))

    def test_routed_configuration_names_devices_uplinks_and_locations(self):
        plan = topology.routed(clients=1, ilbs=2, leaves=2, servers=3)
        configuration = plan.configuration(weights=[3, 2, 1])
        self.assertEqual(
            {"device": "of:0000000000000002", "id": "10.10.2.1", "uplink": {"port": 1, "nextHop": "10.10.2.254"}},
            configuration["ilbs"][1],
        )
        servers = configuration["services"][0]["servers"]
        self.assertEqual([3, 2, 1], [server["weight"] for server in servers])
        self.assertEqual("of:0000000000000101/2", servers[2]["location"])
        self.assertEqual(["10.0.0.254"], configuration["settings"]["gateways"])

    def test_flat_ring_has_no_double_link_and_ids_are_indexes(self):
        self.assertEqual(0, len(topology.flat(ilbs=1).switch_links()))
        self.assertEqual(1, len(topology.flat(ilbs=2).switch_links()))
        self.assertEqual(5, len(topology.flat(ilbs=5).switch_links()))
        configuration = topology.flat(ilbs=3).configuration()
        self.assertEqual([1, 2, 3], [ilb["id"] for ilb in configuration["ilbs"]])
        self.assertNotIn("uplink", configuration["ilbs"][0])

    def test_impossible_sizes_are_refused(self):
        with self.assertRaisesRegex(Trouble, "1 to 64 ilbs, not 65"):
            topology.routed(ilbs=65)


if __name__ == "__main__":
    unittest.main()
