"""Reading what ovs-ofctl prints, from lines that Open vSwitch 3.1 printed."""

import unittest

from emulation.openvswitch import parse_flows

_TEXT = """\
OFPST_FLOW reply (OF1.3) (xid=0x2):
 cookie=0x10000ea6f4b8e, duration=5.1s, table=0, n_packets=12, n_bytes=504, send_flow_rem priority=40000,arp actions=CONTROLLER:65535,clear_actions
 cookie=0x0, duration=1s, table=0, n_packets=3, n_bytes=222, priority=30000,tcp,nw_dst=10.100.0.1,tp_dst=80,tcp_flags=+syn-ack actions=CONTROLLER:65535
 cookie=0xab, duration=1s, table=1, n_packets=0, n_bytes=0, reset_counts priority=100,tcp,nw_src=10.1.1.1,nw_dst=10.100.0.1,tp_src=40000,tp_dst=80 actions=set_field:10.0.0.11->ip_dst,set_field:8080->tcp_dst,goto_table:3
 cookie=0x0, duration=9s, table=0, n_packets=7, n_bytes=7, priority=0 actions=NORMAL
 cookie=0x0, duration=9s, table=2, n_packets=1, n_bytes=2, idle_timeout=10, in_port=1,vlan_tci=0x0000/0x1fff actions=drop
"""


class ParseFlowsTest(unittest.TestCase):
    def setUp(self):
        self.flows = parse_flows(_TEXT)

    def test_every_flow_is_read_and_nothing_else(self):
        self.assertEqual([0, 0, 1, 0, 2], [flow.table for flow in self.flows])
        self.assertEqual([40000, 30000, 100, 0, 32768], [flow.priority for flow in self.flows])
        self.assertEqual([12, 3, 0, 7, 1], [flow.packets for flow in self.flows])

    def test_flags_of_the_flow_are_no_part_of_its_match(self):
        self.assertEqual({"arp": ""}, self.flows[0].match)
        self.assertEqual({"in_port": "1", "vlan_tci": "0x0000/0x1fff"}, self.flows[4].match)

    def test_match_has_addresses_ports_and_tcp_flags(self):
        self.assertEqual("+syn-ack", self.flows[1].match["tcp_flags"])
        self.assertEqual("40000", self.flows[2].match["tp_src"])
        self.assertEqual("10.1.1.1", self.flows[2].match["nw_src"])

    def test_punts_go_to_the_controller(self):
        self.assertEqual([True, True, False, False, False], [flow.punts for flow in self.flows])

    def test_cookies_and_actions_are_kept(self):
        self.assertEqual(0x10000EA6F4B8E, self.flows[0].cookie)
        self.assertTrue(self.flows[2].actions.endswith("goto_table:3"))


if __name__ == "__main__":
    unittest.main()
