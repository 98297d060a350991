"""Where scenarios play: one controller and one Open vSwitch per session, one network per scenario."""

import collections
import json
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from emulation import build, cli, complaints, isolation, observe, state, topology
from emulation.controller import EmbeddedController, ForeignController, karaf_logs
from emulation.network import Network
from emulation.onos import APPLICATION, Refused
from emulation.openvswitch import OpenVSwitch, running
from emulation.servers import LastingServers, Servers
from emulation.traffic import Traffic
from emulation.trouble import Broken, Trouble
from emulation.waiting import wait_until

# Not under /tmp, which may be memory; not under the checkout, whose path may be too long for sockets.
_PARENT = "/var/tmp"
FORWARDING = "org.ilb.forwarding"


class Session:
    """What several scenarios share. Use it as a context manager: it takes away all that it started."""

    def __init__(self, console, options):
        state.refuse_second(options.tag)
        self.console = console
        self.options = options
        self.directory = Path(tempfile.mkdtemp(prefix="ilb-", dir=_PARENT))
        self.openvswitch = None
        # Whether nothing but what is started from here reaches the controller.
        self.isolated = False
        self._controller = None
        self._homes = 0
        self._facts = {"tag": options.tag, "directory": str(self.directory)}
        self.note()

    def __enter__(self):
        try:
            self._find_room()
            self.openvswitch = OpenVSwitch(self.directory / "ovs")
            where = "a private Open vSwitch" if self.openvswitch.private else "the machine's Open vSwitch"
            self.console.step(f"{where}, {self.openvswitch.datapath} datapath")
            self.note(openvswitch=self.openvswitch.environment)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _find_room(self):
        if running(environment={}) or not isolation.user_space_is_taken():
            return
        if self.options.onos:
            raise Trouble(
                "another Open vSwitch runs in user space, which leaves no room for one that reaches an ONOS outside; "
                "end it first"
            )
        isolation.enter_fresh_namespace()
        self.isolated = True
        self.console.step(
            "another Open vSwitch runs in user space: this run has a network namespace of its own, whose addresses "
            "answer only within `mininet/run shell`"
        )

    def note(self, **facts):
        """Adds to what `shell`, `cli` and `clean` read."""
        self._facts.update(facts)
        state.write(self.options.tag, self._facts)

    def controller(self):
        """The controller, started at the first call."""
        if not self._controller:
            options = self.options
            if options.onos:
                self.console.step(f"using the ONOS at {options.onos}")
                self._controller = ForeignController(
                    options.onos, options.openflow, options.user, options.password, self.console
                )
            else:
                self._controller = self.new_controller()
        self.note(controller=self._controller.description)
        return self._controller

    def new_controller(self):
        """Another embedded controller, with a home of its own, that the caller closes."""
        self.console.step("starting the embedded controller (a real ONOS core)")
        self._homes += 1
        home = self.directory / f"onos{self._homes}"
        made = EmbeddedController(home, self.console, self.options.rest_port, self.options.openflow_port)
        self.console.step(f"the controller is ready: REST {made.description['rest']}, OpenFlow {made.openflow}")
        return made

    def drop_controller(self):
        """Ends the shared controller; the next scenario gets a fresh one."""
        if self._controller:
            controller, self._controller = self._controller, None
            controller.close()

    def close(self):
        """Ends everything, in the reverse order, whatever fails on the way."""
        try:
            self.drop_controller()
        finally:
            try:
                if self.openvswitch:
                    self.openvswitch.close()
            finally:
                shutil.rmtree(self.directory, ignore_errors=True)
                state.forget(self.options.tag)


class Lab:
    """One scenario's surroundings: its network, its servers, the controller, and the figures that it reports."""

    def __init__(self, session, name):
        self.session = session
        self.console = session.console
        self.options = session.options
        self.name = name
        self.figures = {}
        # Records of connections that broke, for who wants to know why.
        self.broken = []
        self.directory = session.directory / name
        self.directory.mkdir()
        self.controller = None
        self.network = None
        self.servers = None
        self.lasting_servers = None
        self._own_controller = False
        self._configured_before = set()
        self._closers = []
        self._installed = []
        self._began = datetime.now().isoformat(timespec="milliseconds").replace(".", ",")

    @property
    def onos(self):
        return self.controller.onos

    @property
    def plan(self):
        return self.network.plan

    @property
    def vip(self):
        return self.plan.vip

    def size(self, name, default):
        """A number that the command line may set."""
        value = getattr(self.options, name, None)
        return default if value is None else value

    def routed_plan(self, clients=4, ilbs=4, leaves=2, servers=4):
        """The routed network, in these sizes unless the command line says otherwise."""
        return topology.routed(
            self.size("clients", clients),
            self.size("ilbs", ilbs),
            self.size("leaves", leaves),
            self.size("servers", servers),
        )

    def step(self, text):
        self.console.step(text)

    def later(self, action):
        """Has something done when the scenario ends, last registered first."""
        self._closers.append(action)

    # building

    def use_controller(self, controller=None):
        """Takes the session's controller, or one of the scenario's own, which is closed at the end."""
        self.controller = controller or self.session.controller()
        self._own_controller = controller is not None
        self._configured_before = self.onos.configured_devices()
        if controller:
            self.later(controller.close)

    def build(self, plan, connect=True, **options):
        """Builds a network; with `connect`, waits until the controller knows its switches and links."""
        self.step(
            f"building the {plan.kind} network: {len(plan.clients)} clients, {len(plan.ilbs)} ILBs, "
            f"{len(plan.leaves)} other switches, {len(plan.servers)} servers"
        )
        bridges = [self.options.tag + switch.name for switch in plan.switches]
        ports = [
            f"{self.options.tag}{node}-eth{port}"
            for link in plan.switch_links()
            for node, port in ((link.left, link.left_port), (link.right, link.right_port))
        ]
        self.network = Network(plan, self.session.openvswitch, self.options.tag, **options)
        self.later(self._close_network)
        self.session.note(
            bridges=bridges, interfaces=ports, hosts={host.name: self.network.pid(host) for host in plan.hosts}
        )
        if connect:
            self.connect()

    def connect(self, seconds=40):
        """Connects all switches and waits until the controller knows them and the links between them."""
        self.network.connect(self.controller.openflow)
        self.await_switches(seconds)

    def await_switches(self, seconds=40):
        wanted = {switch.device for switch in self.plan.switches}
        wait_until(
            f"ONOS has all {len(wanted)} switches", lambda: wanted <= set(self.onos.devices()), seconds
        )
        expected = self.expected_links()
        wait_until(
            f"ONOS has found all {len(expected)} links", lambda: expected <= self.onos.links(), seconds, pause=0.3
        )
        self.step(f"ONOS has {len(wanted)} switches and {len(expected)} links")

    def expected_links(self):
        """The links that ONOS should find, each in both directions."""
        expected = set()
        for link in self.plan.switch_links():
            left = (self.plan.switch(link.left).device, str(link.left_port))
            right = (self.plan.switch(link.right).device, str(link.right_port))
            expected |= {(left, right), (right, left)}
        return expected

    def start_servers(self):
        """Starts the web servers of the plan."""
        self.servers = Servers(self.network, self.directory / "servers")
        self.later(self.servers.close)
        self.step(f"{len(self.plan.servers)} servers run nginx")

    def start_lasting_servers(self):
        """Starts the servers of connections that last, beside the web servers."""
        self.lasting_servers = LastingServers(self.network)
        self.later(self.lasting_servers.close)

    # the application

    def install(self):
        """Installs the application through REST and waits until its own REST API answers."""
        self.install_archive(build.oar(), APPLICATION)
        wait_until("the application's REST API answers", lambda: self.onos.ilb.services() is not None, 30)
        self.step(f"installed and activated {APPLICATION} through ONOS's REST API")

    def install_archive(self, archive, name):
        """Installs any application, to be removed at the end."""
        self.onos.uninstall(name)
        self.onos.install(archive)
        self._installed.append(name)
        wait_until(f"{name} is active", lambda: self.onos.is_active(name), 30)

    def install_forwarding(self):
        """Has ordinary traffic forwarded: by ONOS's own `fwd` where there is one, else by the test's application."""
        stock = "org.onosproject.fwd"
        if self.onos.application(stock):
            if not self.onos.is_active(stock):
                self.onos.activate(stock)
                self.later(lambda: self.onos.deactivate(stock))
            self.step("ONOS's own reactive forwarding is active")
        else:
            self.install_archive(build.forwarding_oar(), FORWARDING)
            self.step(f"installed {FORWARDING}, a reactive forwarding application")

    def uninstall(self, name=APPLICATION):
        self.onos.uninstall(name)
        if name in self._installed:
            self._installed.remove(name)

    def configure(self, configuration, seconds=20):
        """Pushes a configuration and waits until every ILB has the punt of every service in it."""
        self.onos.configure(configuration)
        vips = collections.Counter(service["address"] for service in configuration["services"])

        def stands():
            return all(
                count >= services
                for vip, services in vips.items()
                for count in observe.punt_rules(self.network, vip).values()
            )

        wait_until("every ILB has the rules of the services", stands, seconds)
        self.step(f"the configuration is in force: {len(configuration['services'])} services, {len(vips)} virtual addresses")

    def bring_up(self, plan, weights=None, servers=True, **fields):
        """The usual beginning: controller, network, servers, application, one service `web`, first answer."""
        self.use_controller()
        self.build(plan)
        if servers:
            self.start_servers()
        self.install()
        self.configure(plan.configuration(weights=weights, **fields))
        self.await_service()

    def bring_up_lasting(self, plan, seed, settings=None, controller=None, **fields):
        """The same with a second service, `lasting`, for connections that last; `fields` go to both services."""
        self.use_controller(controller)
        self.build(plan)
        self.start_servers()
        self.start_lasting_servers()
        self.install()
        self.configure(plan.lasting_configuration(seed, settings, **fields))
        self.await_service()

    def await_service(self, seconds=30, clients=None):
        """Waits until each client gets an answer from the virtual address."""
        waiting = list(clients or self.plan.clients)

        def answered():
            # All at a time: the program that asks takes longer to start than the answer to come.
            records = Traffic(self.network, {client.name: self._one_request() for client in waiting}).wait(23)
            happy = {record["client"] for record in records if not record["error"]}
            waiting[:] = [client for client in waiting if client.name not in happy]
            return not waiting

        try:
            wait_until("every client gets an answer from the virtual address", answered, seconds)
        except Broken as broken:
            raise Broken(f"{broken}; {waiting[0].name} does not") from None
        self.step("every client gets answers from the virtual address")

    def answers(self, client, host=None, port=80, timeout=3):
        """One request from a client: the record, or None where it failed."""
        order = self._one_request(host, port, timeout)
        record = Traffic(self.network, {client.name: order}).wait(timeout + 20)[0]
        return None if record["error"] else record

    def _one_request(self, host=None, port=80, timeout=3):
        return {"kind": "requests", "host": host or self.vip, "port": port, "count": 1, "concurrency": 1, "timeout": timeout}

    def cli(self, line):
        """What ONOS's command line answers, None where it cannot be reached."""
        known = self.controller.description
        return cli.ask(known, line, self.directory) if known.get("ssh") else None

    # traffic

    def traffic(self, kind, clients=None, host=None, port=80, **order):
        """Starts traffic from clients; `count` and `parallel` are shared out among them."""
        clients = clients or self.plan.clients
        orders = {}
        for index, client in enumerate(clients):
            mine = {"kind": kind, "host": host or self.vip, "port": port, **order}
            for shared in ("count", "parallel", "rate", "ramp"):
                if shared in mine:
                    share, rest = divmod(mine[shared], len(clients))
                    mine[shared] = share + (index < rest)
            orders[client.name] = mine
        made = Traffic(self.network, orders)
        self.later(lambda: made.stop(force=True))
        return made

    def pings(self, source, destination, count):
        """How many of some pings from host to host were answered."""
        script = f"ping -n -q -i 0.2 -W 2 -c {count} {destination.ip} || true"
        found = re.search(r"(\d+) received", self.network.run(source, "sh", "-c", script))
        return int(found[1]) if found else 0

    # ending

    def close(self):
        """Takes everything away; goes on where one thing fails, and says so in the end."""
        problems = []
        closers, self._closers = self._closers, []
        actions = [self._remove_applications, *reversed(closers), self._forget]
        for action in actions:
            try:
                action()
            except (OSError, Broken) as problem:
                problems.append(str(problem))
        self.session.note(bridges=[], interfaces=[], hosts={})
        return problems

    def complaints(self, *levels):
        """What the application logged since this scenario began at some levels; nothing where the controller is not ours."""
        return complaints.of(karaf_logs(self.session.directory), self._began, levels)

    def autopsy(self):
        """Keeps what may explain a failure; returns the directory."""
        directory = self.keep_logs()
        if self.network:
            for switch in self.plan.switches:
                self._keep(directory / f"{switch.name}.flows", lambda s=switch: self._raw_flows(s))
        if self.controller:
            for name in ("flows", "devices", "hosts", "links", "applications", "network/configuration"):
                self._keep(directory / f"{name.replace('/', '-')}.json", lambda n=name: self.onos.core.get(n))
            self._keep(directory / "associations.json", lambda: list(self.onos.ilb.connections().values()))
            for name in ("counters", "view", "ilbs"):
                self._keep(directory / f"{name}.json", lambda n=name: self.onos.ilb.raw(n))
        self._keep(directory / "figures.json", lambda: self.figures)
        self._keep(directory / "broken.json", lambda: self.broken)
        return directory

    def keep_logs(self):
        """Keeps the logs of a controller of ours in a fresh directory, and returns that."""
        directory = build.REPOSITORY / "mininet" / "target" / "failures" / self.name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        if getattr(self.controller, "embedded", False):
            for log in [self.controller.log, *karaf_logs(self.controller.home)]:
                shutil.copy(log, directory / log.name)
        return directory

    def _raw_flows(self, switch):
        return self.session.openvswitch.ofctl("dump-flows", self.network.bridge(switch))

    def _keep(self, file, source):
        try:
            value = source()
        except (OSError, KeyError) as problem:
            value = f"not to be had: {problem}"
        file.write_text(value if isinstance(value, str) else json.dumps(value, indent=1))

    def _remove_applications(self):
        if not self.controller or self._own_controller:
            return
        for name in reversed(list(self._installed)):
            if name == APPLICATION:
                self.onos.unconfigure()
            self.uninstall(name)

    def _close_network(self):
        self.network.close()

    def _forget(self):
        """Lets a controller that goes on forget this network's devices and hosts."""
        if not self.controller or not self.network or self._own_controller:
            return
        ours = {switch.device for switch in self.plan.switches}
        macs = {interface.mac.lower() for host in self.plan.hosts for interface in host.interfaces}
        wait_until("ONOS sees the switches leave", lambda: not ours & set(self.onos.devices()), 20)
        for host in self.onos.hosts():
            if host["mac"].lower() in macs:
                try:
                    self.onos.forget_host(host["id"])
                except Refused:
                    pass  # it went by itself
        for device in ours:
            self.onos.forget_device(device)
            if device not in self._configured_before:
                self.onos.unconfigure_device(device)


