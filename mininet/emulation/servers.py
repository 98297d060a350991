"""Web servers: one nginx per host, in the host's namespace, with its files in the run's directory.

Each answers with its own name and what it saw of the connection, and logs the same, so that both ends of a
connection can be compared. Large files for downloads are made once and shared.
"""

import hashlib
from pathlib import Path

from emulation.topology import LASTING_SERVER_PORT, SERVER_PORT
from emulation.waiting import wait_until

# Bytes per second and connection under /slow/, for transfers that must last.
SLOW_BYTES = 3 << 20
_CONFIGURATION = """
user root;
daemon off;
master_process on;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 4096; }}
http {{
    log_format seen '$msec $remote_addr $remote_port $server_addr $server_port $status';
    access_log {log};
    default_type application/octet-stream;
    sendfile on;
    keepalive_timeout 600s;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
{listen}
        server_name {name};
        location /files/ {{ alias {files}/; }}
        location /slow/ {{ alias {files}/; limit_rate {slow}; }}
        location / {{ return 200 "{name} $remote_addr $remote_port $server_addr $server_port\\n"; }}
    }}
}}
"""


class Servers:
    """The running web servers of a network."""

    def __init__(self, network, directory, hosts=None, port=SERVER_PORT, more_ports=(), log=True):
        self._network = network
        self._ports = [port, *more_ports]
        self._log = log
        self._directory = Path(directory)
        self.files = self._directory / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self._children = {}
        hosts = network.plan.servers if hosts is None else hosts
        for host in hosts:
            self._begin(host)
        for host in hosts:
            self._await(host)

    def start(self, host):
        """Starts a host's server and waits until it accepts connections."""
        self._begin(host)
        self._await(host)

    def _begin(self, host):
        directory = self._directory / host.name
        directory.mkdir(exist_ok=True)
        configuration = directory / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                directory=directory,
                files=self.files,
                name=host.name,
                listen="\n".join(f"        listen {port} backlog=4096;" for port in self._ports),
                log=f"{directory}/access.log seen" if self._log else "off",
                slow=SLOW_BYTES,
            )
        )
        child = self._network.start(host, "nginx", "-p", str(directory), "-c", str(configuration), "-e", f"{directory}/error.log")
        self._children[host.name] = child

    def _await(self, host):
        wait_until(f"nginx on {host.name} listens", lambda: self._listens(host), seconds=10, pause=0.05)

    def stop(self, host):
        """Ends a host's server, connections and all."""
        self._children.pop(host.name).stop()

    def seen(self, host):
        """What a server logged: for each request its client's address and port."""
        log = self._directory / host.name / "access.log"
        requests = []
        for line in log.read_text().splitlines():
            _, address, port, _, _, _ = line.split()
            requests.append((address, int(port)))
        return requests

    def file(self, name, size):
        """Makes a file of that size that all servers offer under /files/ and /slow/; returns its SHA-256."""
        digest = hashlib.sha256()
        # Incompressible and aperiodic enough to notice any shift, and made in a moment.
        block = hashlib.shake_256(name.encode()).digest(1 << 20)
        with open(self.files / name, "wb") as file:
            number = 0
            while size > 0:
                piece = (number.to_bytes(8, "big") + block[8:])[:size]
                file.write(piece)
                digest.update(piece)
                size -= len(piece)
                number += 1
        return digest.hexdigest()

    def close(self):
        """Ends all servers."""
        for child in self._children.values():
            child.stop()
        self._children = {}

    def _listens(self, host):
        listening = self._network.run(host, "ss", "-Hltn")
        return all(f":{port}" in listening for port in self._ports)


class LastingServers:
    """The servers of connections that last (`lasting.py`): one program per host, beside its web server."""

    def __init__(self, network, hosts=None, port=LASTING_SERVER_PORT):
        self._network = network
        self._children = {}
        self._port = port
        hosts = network.plan.servers if hosts is None else hosts
        for host in hosts:
            self._children[host.name] = network.start_module(host, "emulation.lasting", "serve", str(port), host.name)
        for host in hosts:
            wait_until(f"the server on {host.name} listens", lambda host=host: self._listens(host), seconds=20, pause=0.1)

    def sockets(self, host):
        """How many connections the host's kernel still has on the server's port, in any state but TIME_WAIT."""
        lines = self._network.run(host, "ss", "-Htan", f"sport = :{self._port}").splitlines()
        return sum(not line.startswith(("LISTEN", "TIME-WAIT")) for line in lines)

    def close(self):
        """Ends all servers, connections and all."""
        for child in self._children.values():
            child.stop()
        self._children = {}

    def _listens(self, host):
        return f":{self._port}" in self._network.run(host, "ss", "-Hltn")
