"""The election, a second time: an oracle that shares no line with the Java code it judges.

Who owns a connection and who backs it up follows from a score per ILB (individual load balancer)
over `ILB id || connection id`; the largest score owns, the second largest backs up.

    connection id   TCP destination port, IP destination address, TCP source port, IP source
                    address, in network order: 12 bytes for IPv4, 36 for IPv6
    bucket          the same 12 bytes, of the source port only the bits under the service's mask, the source
                    address zero: all connections of a bucket have one
    ILB id          its IP address (4 or 16 bytes) or its index (4 bytes, big-endian)
    CRC32           the IEEE CRC-32 of the concatenation, zero-extended to 64 bits
    CRC32_MIXED     fmix64(seed XOR that CRC), fmix64 being MurmurHash3's 64-bit finaliser

Scores compare unsigned; equal scores go to the smaller ILB id, compared as bytes.

The CRC is computed here bit by bit from its polynomial, and checked against zlib's by the unit tests,
so that not even a table is shared with what is under test.

As a program:

    python3 -m emulation.oracle             reads lines `kind seed id,id,... dstPort dstIp srcPort srcIp`,
                                            for a bucket with ` portMask` (4 hexadecimal digits) after it,
                                            and answers each with `owner backup score score ...`
    python3 -m emulation.oracle --vectors   prints golden vectors, `question = answer` per line

`seed` is 16 hexadecimal digits (CRC32 ignores it); scores are 16 lower-case hexadecimal digits in the
order of the ids; where there is no backup (one ILB) a `-` stands for it.
"""

import ipaddress
import random
import sys

MASK_64 = (1 << 64) - 1
KINDS = ("CRC32", "CRC32_MIXED")

# IEEE 802.3, bit-reversed, as every zip file uses it.
_POLYNOMIAL = 0xEDB88320


def _table_entry(value):
    for _ in range(8):
        value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_TABLE = [_table_entry(byte) for byte in range(256)]


def crc32(data):
    """The IEEE CRC-32 of some bytes, as an unsigned number."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def fmix64(value):
    """MurmurHash3's 64-bit finaliser: a bijection of 64-bit words that leaves no bit uninvolved."""
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK_64
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK_64
    return value ^ (value >> 33)


def id_bytes(ilb_id):
    """What of an ILB id is scored: an address in network order, or an index as four bytes."""
    text = str(ilb_id)
    if text.isdecimal():
        return int(text).to_bytes(4, "big")
    return ipaddress.ip_address(text).packed


def connection_id(dst_port, dst_ip, src_port, src_ip):
    """The bytes that identify a TCP connection, in the order that claim 4 gives them."""
    return (
        int(dst_port).to_bytes(2, "big")
        + ipaddress.ip_address(str(dst_ip)).packed
        + int(src_port).to_bytes(2, "big")
        + ipaddress.ip_address(str(src_ip)).packed
    )


def bucket_id(dst_port, dst_ip, src_port, port_mask):
    """The bytes that identify the bucket of a TCP connection over IPv4."""
    return connection_id(dst_port, dst_ip, int(src_port) & port_mask, "0.0.0.0")


def score(kind, seed, ilb_id, connection):
    """The score of one ILB for one connection id, as an unsigned 64-bit number."""
    crc = crc32(id_bytes(ilb_id) + connection)
    if kind == "CRC32":
        return crc
    if kind == "CRC32_MIXED":
        return fmix64(seed ^ crc)
    raise ValueError(f"unknown kind of score {kind}")


def ranking(kind, seed, ilb_ids, connection):
    """All ILB ids, best first: the owner, the backup, then who would follow."""
    scored = [(-score(kind, seed, ilb, connection), id_bytes(ilb), ilb) for ilb in ilb_ids]
    return [ilb for _, _, ilb in sorted(scored, key=lambda entry: entry[:2])]


def elect(kind, seed, ilb_ids, dst_port, dst_ip, src_port, src_ip):
    """Owner and backup of a connection; the backup is None where there is only one ILB."""
    best = ranking(kind, seed, ilb_ids, connection_id(dst_port, dst_ip, src_port, src_ip))
    return best[0], best[1] if len(best) > 1 else None


def answer(question):
    """Answers one line of the program's input."""
    kind, seed_hex, ids, dst_port, dst_ip, src_port, src_ip, *mask = question.split()
    seed = int(seed_hex, 16)
    ilb_ids = ids.split(",")
    if mask:
        connection = bucket_id(dst_port, dst_ip, src_port, int(mask[0], 16))
    else:
        connection = connection_id(dst_port, dst_ip, src_port, src_ip)
    best = ranking(kind, seed, ilb_ids, connection)
    scores = [f"{score(kind, seed, ilb, connection):016x}" for ilb in ilb_ids]
    return " ".join([best[0], best[1] if len(best) > 1 else "-", *scores])


def vectors():
    """Golden questions: fixed corners first, then reproducible random ones of every kind of id."""
    corners = [
        "CRC32 0000000000000000 1,2 80 10.100.0.1 40000 10.1.0.1",
        "CRC32 0000000000000000 10.10.1.1,10.10.2.1 80 10.100.0.1 40000 10.1.0.1",
        "CRC32_MIXED 0000000000000000 0,1,2,3 80 10.100.0.1 40000 10.1.0.1",
        "CRC32_MIXED 0123456789abcdef 10.10.1.1,10.10.2.1,10.10.3.1,10.10.4.1 80 10.100.0.1 40000 10.1.0.1",
        "CRC32_MIXED ffffffffffffffff 10.10.1.1 65535 255.255.255.255 65535 255.255.255.255",
        "CRC32_MIXED 0123456789abcdef 0,4294967295 1 0.0.0.0 1 0.0.0.0",
        "CRC32_MIXED 0123456789abcdef 2001:db8::1,2001:db8::2 443 2001:db8::80 50000 2001:db8:1::7",
    ]
    yield from corners
    source = random.Random(20010926)
    for number in range(200):
        count = source.randint(1, 16)
        if number % 3 == 0:
            ids = [str(index) for index in source.sample(range(1, 1000), count)]
        elif number % 3 == 1:
            first = source.randrange(1 << 24, 1 << 31)
            ids = [str(ipaddress.IPv4Address(first + offset)) for offset in range(count)]
        else:
            ids = [str(ipaddress.IPv4Address(value)) for value in source.sample(range(1 << 32), count)]
        yield " ".join([
            KINDS[number % 2],
            f"{source.getrandbits(64):016x}",
            ",".join(ids),
            str(source.randint(1, 65535)),
            str(ipaddress.IPv4Address(source.getrandbits(32))),
            str(source.randint(1, 65535)),
            str(ipaddress.IPv4Address(source.getrandbits(32))),
        ])
    yield from bucket_vectors(source)


def bucket_vectors(source):
    """Golden questions about buckets: 4 to 10 bits of the port, in a row or anywhere but the lowest."""
    for number in range(70):
        bits = 4 + number % 7
        chosen = range(1, bits + 1) if number % 2 else source.sample(range(1, 16), bits)
        yield " ".join([
            KINDS[number % 3 > 0],
            f"{source.getrandbits(64):016x}",
            ",".join(str(ipaddress.IPv4Address(value)) for value in source.sample(range(1 << 32), 2 + number % 8)),
            str(source.randint(1, 65535)),
            str(ipaddress.IPv4Address(source.getrandbits(32))),
            str(source.randint(1, 65535)),
            str(ipaddress.IPv4Address(source.getrandbits(32))),
            f"{sum(1 << bit for bit in chosen):04x}",
        ])


def main(arguments):
    if arguments == ["--vectors"]:
        for question in vectors():
            print(question, "=", answer(question))
    elif not arguments:
        for line in sys.stdin:
            if line.strip():
                print(answer(line), flush=True)
    else:
        print("usage: python3 -m emulation.oracle [--vectors]", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
