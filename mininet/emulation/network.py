"""A plan made real: namespaces, cables and bridges, by the Mininet library on a given Open vSwitch.

Everything made here carries the run's tag and goes with `close`. Nothing that existed before is touched:
a name that is taken is an error, never a reason to delete.
"""

import os
import sys
from pathlib import Path

from emulation.isolation import interfaces
from emulation.process import Child, CommandFailed, command
from emulation.trouble import Trouble

_INTERFACE_NAME = 15
# OVS takes each switch port's frames itself; the kernel's own IP stack must stay silent on them.
_QUIET = {"ipv4": {"arp_ignore": "8", "rp_filter": "0"}, "ipv6": {"disable_ipv6": "1"}}
_HOST_SYSCTLS = {
    "net/ipv6/conf/all/disable_ipv6": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/default/rp_filter": "0",
    "net/ipv4/tcp_fin_timeout": "5",
    "net/ipv4/ip_local_port_range": "32768 65000",
}
# A real router stops using a next hop whose link is down; Linux does so when told to. One that answers no ARP it passes
# over when told to, too.
# Policy 1 hashes addresses and ports, too, but believes a hash that a segment has already: here the client's
# socket made one, at random and anew at every retransmission, because no real cable lies between. Policy 3
# computes its own, over the fields with these bits: addresses, protocol, ports.
_ROUTER_SYSCTLS = {
    "net/ipv4/ip_forward": "1",
    "net/ipv4/fib_multipath_hash_policy": "3",
    "net/ipv4/fib_multipath_hash_fields": str(0x01 | 0x02 | 0x04 | 0x10 | 0x20),
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/all/ignore_routes_with_linkdown": "1",
    "net/ipv4/fib_multipath_use_neigh": "1",
}


class Network:
    """A running network. Hosts run programs in their namespaces; bridges obey the given controller."""

    def __init__(self, plan, openvswitch, tag="", keep_frames=False):
        self.plan = plan
        self.openvswitch = openvswitch
        self.tag = tag
        self._mininet = None
        self._refuse_leftovers()
        try:
            self._build(fail_mode="standalone" if keep_frames else "secure")
        except BaseException:
            self.close()
            raise

    def bridge(self, switch):
        """The bridge's name of a switch (a value of the plan, or its name)."""
        return self.tag + (switch if isinstance(switch, str) else switch.name)

    @property
    def bridges(self):
        return [self.bridge(switch) for switch in self.plan.switches]

    def pid(self, host):
        """The process whose namespace is the host's."""
        return self._node(host).pid

    def run(self, host, *words, seconds=60, stdin=None):
        """Runs a command on a host to its end and returns its output."""
        return command("mnexec", "-a", str(self.pid(host)), *words, seconds=seconds, stdin=stdin)

    def start(self, host, *words, **options):
        """Starts a program on a host; who starts it stops it."""
        return Child(["mnexec", "-a", str(self.pid(host)), *words], **options)

    def start_module(self, host, module, *arguments, **options):
        """Starts a module of this package on a host, with the same interpreter."""
        package_parent = str(Path(__file__).resolve().parent.parent)
        return self.start(
            host, sys.executable, "-m", module, *arguments, cwd=package_parent, **options
        )

    def connect(self, openflow):
        """Lets all bridges obey the controller at `host:port`, and nobody else."""
        for switch in self.plan.switches:
            self.connect_switch(switch, openflow)

    def connect_switch(self, switch, openflow):
        """The same for one switch."""
        bridge = self.bridge(switch)
        self.openvswitch.vsctl(
            "set-controller", bridge, f"tcp:{openflow}",
            "--", "set", "controller", bridge, "max_backoff=1000", "inactivity_probe=10000",
            "connection_mode=out-of-band",
        )  # fmt: skip

    def disconnect_switch(self, switch):
        """Takes a switch's controller away."""
        self.openvswitch.vsctl("del-controller", self.bridge(switch))

    def flows(self, switch, *match):
        """The flows of a switch."""
        return self.openvswitch.flows(self.bridge(switch), *match)

    def set_link(self, left, left_port, up):
        """Pulls or plugs a cable, at the end that a switch has in this machine's own namespace."""
        command("ip", "link", "set", f"{self.bridge(left)}-eth{left_port}", "up" if up else "down")

    def kill_switch(self, switch):
        """Ends a switch without warning: its bridge, its flows, and the light on all its cables."""
        for port in self._ports(switch):
            self.set_link(switch, port, up=False)
        self.openvswitch.vsctl("del-br", self.bridge(switch))

    def revive_switch(self, switch, openflow):
        """Starts a killed switch again, empty, as after a power cut, and has it obey the controller at `host:port`."""
        self._mininet.get(self.bridge(switch)).start([])
        self.connect_switch(switch, openflow)
        for port in self._ports(switch):
            self.set_link(switch, port, up=True)

    def set_next_hops(self, hops):
        """Has the router spread connections over these next hops: addresses, or pairs of address and weight."""
        router = self.plan.role("router")[0]
        words = []
        for hop in hops:
            address, weight = (hop, 1) if isinstance(hop, str) else hop
            words += ["nexthop", "via", address, "weight", str(weight)]
        self.run(router, "ip", "route", "replace", router.routes[0].destination, *words)

    def next_hops(self):
        """The router's next hops to the virtual addresses that are not down."""
        router = self.plan.role("router")[0]
        lines = self.run(router, "ip", "route", "show", router.routes[0].destination).splitlines()
        return [line.split("via ")[1].split()[0] for line in lines if "via " in line and "linkdown" not in line]

    def _ports(self, switch):
        for link in self.plan.links:
            if link.left == switch.name:
                yield link.left_port
            if link.right == switch.name:
                yield link.right_port

    def close(self):
        """Removes everything that was made; a second call finds nothing to do."""
        network, self._mininet = self._mininet, None
        if not network:
            return
        problems = []
        try:
            # Together: the daemon is waited for once.
            words = [word for bridge in self.bridges for word in ("--", "--if-exists", "del-br", bridge)]
            self.openvswitch.vsctl(*words)
        except OSError as error:
            problems.append(str(error))
        for node in [*network.switches, *network.hosts]:
            try:
                if node in network.switches:
                    node.deleteIntfs(checkName=False)
                node.terminate()
            except (OSError, ValueError, AssertionError) as error:
                problems.append(str(error))
        if problems:
            raise CommandFailed(["close"], 1, "; ".join(problems))

    def _node(self, host):
        return self._mininet.get(self._host_name(host if isinstance(host, str) else host.name))

    def _host_name(self, name):
        return self.tag + name

    def _refuse_leftovers(self):
        taken = set(self.openvswitch.bridges()) & set(self.bridges)
        ports = {name for link in self.plan.links for name in self._root_interfaces(link)}
        taken |= ports & interfaces()
        hosts = {f"{self.tag}{host.name}-eth{interface.port}" for host in self.plan.hosts for interface in host.interfaces}
        too_long = [name for name in sorted(ports | hosts) if len(name) > _INTERFACE_NAME]
        if too_long:
            raise Trouble(f"the interface name {too_long[0]} is too long; choose a shorter --tag")
        if taken:
            raise Trouble(
                f"{sorted(taken)[0]} exists already, from a run that was killed or is still going; "
                f"`mininet/run clean` takes away the former, --tag lets you run beside the latter"
            )

    def _root_interfaces(self, link):
        switches = {switch.name for switch in self.plan.switches}
        for node, port in ((link.left, link.left_port), (link.right, link.right_port)):
            if node in switches:
                yield f"{self.tag}{node}-eth{port}"

    def _build(self, fail_mode):
        os.environ.update(self.openvswitch.environment)
        # Imported late: unit tests, `list` and `--help` do without the library.
        from mininet.log import setLogLevel
        from mininet.net import Mininet
        from mininet.node import Node, OVSSwitch

        setLogLevel("error")
        # Its initialisation raises limits and sysctls of the whole machine, which is not ours to change.
        Mininet.inited = True
        OVSSwitch.setup()
        network = self._mininet = Mininet(controller=None, switch=OVSSwitch, build=False)
        for switch in self.plan.switches:
            network.addSwitch(
                self.bridge(switch),
                dpid=f"{switch.dpid:016x}",
                datapath=self.openvswitch.datapath,
                protocols="OpenFlow13",
                failMode=fail_mode,
            )
        for host in self.plan.hosts:
            network.addHost(self._host_name(host.name), cls=Node, ip=None)
        for link in self.plan.links:
            left, right = (network.get(self.tag + name) for name in (link.left, link.right))
            network.addLink(left, right, port1=link.left_port, port2=link.right_port)
        for host in self.plan.hosts:
            self._configure_host(host)
        self._quiet_switch_ports()
        for switch in network.switches:
            switch.start([])

    def _configure_host(self, host):
        name = self._host_name(host.name)
        lines = ["set -e", "ip link set lo up"]
        sysctls = {**_HOST_SYSCTLS, **(_ROUTER_SYSCTLS if host.role == "router" else {})}
        lines += [f"echo '{value}' > /proc/sys/{key}" for key, value in sysctls.items()]
        for interface in host.interfaces:
            device = f"{name}-eth{interface.port}"
            lines += [
                f"ip link set {device} address {interface.mac} up",
                f"ip addr add {interface.address} dev {device}",
                f"ethtool -K {device} tx off sg off tso off gso off gro off >/dev/null 2>&1",
            ]
        for route in host.routes:
            hops = " ".join(f"nexthop via {gateway}" for gateway in route.gateways)
            lines.append(f"ip route add {route.destination} {hops}")
        self.run(host.name, "sh", "-c", "\n".join(lines))

    def _quiet_switch_ports(self):
        for link in self.plan.links:
            for interface in self._root_interfaces(link):
                for family, values in _QUIET.items():
                    for key, value in values.items():
                        path = Path(f"/proc/sys/net/{family}/conf/{interface}/{key}")
                        if path.exists():
                            path.write_text(value)
