package org.ilb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

class FrontEndReaderTest {

    private static final FrontEndReader READER =
            new FrontEndReader(ImmutableSet.of("round-robin", "source-hash", "weighted-round-robin"));

    @Test
    void readsEveryField() {
        FrontEnd frontEnd = READER.read(Json.routed());

        Service web = frontEnd.services().get(0);
        assertEquals("web", web.name());
        assertEquals(Endpoint.parse("203.0.113.10:80"), web.endpoint());
        assertEquals("weighted-round-robin", web.policy());
        assertEquals(HandOff.RELAY, web.handOff());
        assertEquals(UnknownConnection.RESET, web.unknown());
        assertEquals("[10.9.0.0/16, 10.8.0.0/24]", web.direct().toString());
        Server server = web.servers().get(0);
        assertEquals(Endpoint.parse("10.0.1.1:8080"), server.endpoint());
        assertEquals(3, server.weight());
        assertEquals(MacAddress.valueOf("00:00:00:00:01:01"), server.mac().get());
        assertEquals(
                ConnectPoint.deviceConnectPoint("of:00000000000000a1/1"),
                server.location().get());
        assertEquals(0, web.servers().get(1).weight());
        assertFalse(web.buckets().isPresent());

        Service api = frontEnd.services().get(1);
        assertEquals(UnknownConnection.DROP, api.unknown());
        Buckets buckets = api.buckets().get();
        assertEquals(0x801c, buckets.portMask());
        assertEquals(Buckets.Binding.LAZY, buckets.binding());
        assertEquals(Duration.ZERO, buckets.moveSynAfter());
        assertEquals(Duration.ofHours(1), buckets.movePinAfter());
        assertEquals(16, buckets.moving());

        Ilb ilb = frontEnd.ilbs().get(1);
        assertEquals(IlbId.parse("10.0.2.2"), ilb.id());
        assertEquals(DeviceId.deviceId("of:0000000000000002"), ilb.device());
        assertEquals(IpAddress.valueOf("10.0.2.2"), ilb.address().get());
        assertEquals(PortNumber.portNumber(4294967040L), ilb.uplink().get().port());
        assertEquals(IpAddress.valueOf("10.0.2.254"), ilb.uplink().get().nextHop());
        assertTrue(ilb.draining());
        assertFalse(frontEnd.ilbs().get(0).draining());

        Settings settings = frontEnd.settings();
        assertEquals(ScoreKind.CRC32_MIXED, settings.score());
        assertEquals(0xdeadbeefL, settings.seed());
        assertEquals("[10.0.1.254, 10.0.3.254]", settings.gateways().toString());
        assertEquals(Duration.ofMillis(50), settings.storeWait());
        assertEquals(Duration.ofSeconds(30), settings.ruleIdle());
        assertEquals(Duration.ofSeconds(600), settings.associationIdle());
        assertEquals(1000, settings.maxAssociations());
        assertEquals(0, settings.cacheSize());
        assertFalse(settings.synFlags());
        assertEquals(
                "[of:00000000000000a1, of:0000000000000002]",
                settings.singleTable().toString());
        assertFalse(settings.endFlags());
        assertEquals(Duration.ofSeconds(2), settings.linger());
        assertEquals(Duration.ofSeconds(3), settings.embryonic());
        assertEquals(2000, settings.maxRules());
        assertEquals(Duration.ofMillis(100), settings.idPeriod());
        assertEquals(4, settings.idMisses());
        assertEquals(2, settings.idHearers());
        assertEquals(Duration.ofSeconds(7), settings.holdDown());
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        FrontEnd frontEnd = READER.read(Json.flat());
        Service web = frontEnd.services().get(0);
        assertEquals(FrontEndReader.DEFAULT_POLICY, web.policy());
        assertEquals(HandOff.DIRECT, web.handOff());
        assertEquals(UnknownConnection.RESET, web.unknown());
        assertTrue(web.direct().isEmpty());
        assertEquals(1, web.servers().get(0).weight());
        assertFalse(web.servers().get(0).mac().isPresent());
        assertFalse(web.servers().get(0).location().isPresent());
        assertEquals(IlbId.ofIndex(1), frontEnd.ilbs().get(0).id());
        assertFalse(frontEnd.ilbs().get(0).address().isPresent());
        assertFalse(frontEnd.ilbs().get(0).uplink().isPresent());
        assertEquals(Settings.builder(0).build(), frontEnd.settings());
        assertEquals(new FrontEnd(List.of(), List.of(), frontEnd.settings()), READER.read(Json.of("{}")));
    }

    @ParameterizedTest
    @CsvSource({
        "16, 0x001e, 4",
        "32, 0x003e, 8",
        "64, 0x007e, 16",
        "128, 0x00fe, 32",
        "256, 0x01fe, 64",
        "1024, 0x07fe, 256"
    })
    void aNumberOfBucketsTakesPortBitsFromOneUpAndAQuarterMoves(int count, String mask, int moving) {
        assertEquals(
                new Buckets(
                        Integer.decode(mask),
                        Buckets.Binding.AHEAD,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60),
                        moving),
                buckets("{'count': " + count + "}"));
    }

    @Test
    void granularityAloneMakesSixtyFourBuckets() {
        assertEquals(buckets("{'count': 64, 'portBits': [6, 5, 4, 3, 2, 1]}"), buckets(null));
        assertEquals(buckets("{'count': 64}"), buckets("{}"));
    }

    private static Buckets buckets(String json) {
        ObjectNode inBuckets = Json.with(Json.flat(), "services[0].granularity", Json.of("'buckets'"));
        FrontEnd frontEnd =
                READER.read(Json.with(inBuckets, "services[0].buckets", json == null ? null : Json.of(json)));
        assertEquals(frontEnd, READER.read(FrontEndWriter.write(frontEnd)));
        return frontEnd.services().get(0).buckets().get();
    }

    @Test
    void anIlbWithAnAddressForAnIdHasThatAddress() {
        assertEquals(
                IpAddress.valueOf("10.0.2.1"),
                READER.read(Json.routed()).ilbs().get(0).address().get());
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        for (ObjectNode json : List.of(Json.routed(), Json.flat(), (ObjectNode) Json.of("{}"))) {
            FrontEnd frontEnd = READER.read(json);
            JsonNode written = FrontEndWriter.write(frontEnd);
            assertEquals(frontEnd, READER.read(written));
            assertEquals(written, FrontEndWriter.write(READER.read(written)));
        }
    }

    @Test
    void everyFieldOfTheShapeIsRead() {
        // Were one forgotten, this would not notice that it is ignored; so each is replaced by what no field may hold.
        List<String> paths = new ArrayList<>();
        FrontEndReader.TOP.forEach(paths::add);
        FrontEndReader.SERVICE.forEach(name -> paths.add("services[0]." + name));
        BucketsReader.BUCKETS.forEach(name -> paths.add("services[1].buckets." + name));
        HealthReader.HEALTH.forEach(name -> paths.add("services[0].health." + name));
        ServersReader.SERVER.forEach(name -> paths.add("services[0].servers[1]." + name));
        ServersReader.SERVER.forEach(name -> paths.add("services[0].backups[0]." + name));
        FrontEndReader.ILB.forEach(name -> paths.add("ilbs[1]." + name));
        FrontEndReader.UPLINK.forEach(name -> paths.add("ilbs[1].uplink." + name));
        FrontEndReader.SETTINGS.forEach(name -> paths.add("settings." + name));
        paths.addAll(List.of(
                "services[1]",
                "services[0].servers[1]",
                "services[0].direct[1]",
                "services[1].granularity",
                "services[1].buckets",
                "services[1].buckets.portBits[0]",
                "ilbs[0]",
                "settings.gateways[1]",
                "settings.singleTable[1]"));
        for (String path : paths) {
            for (String nonsense : List.of("null", "-1.5", "'*'", "[[]]", "{'x': 1}", "12345678901234567890", "''")) {
                ConfigException e = assertThrows(
                        ConfigException.class,
                        () -> READER.read(Json.with(Json.routed(), path, Json.of(nonsense))),
                        () -> path + " = " + nonsense);
                assertTrue(e.field().startsWith(path), () -> path + " = " + nonsense + ": " + e.getMessage());
                assertTrue(e.getMessage().length() < 300, e.getMessage());
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services[0].nme | 'x' | services[0].nme: unknown field; the fields here are name, address, port,",
                "weights | {} | weights: unknown field; the fields here are services, ilbs, settings",
                "services[0].servers[1].wieght | 1 | services[0].servers[1].wieght: unknown field",
                "ilbs[0].uplink.nexthop | 1 | ilbs[0].uplink.nexthop: unknown field; the fields here are port, nextHop",
                "settings.Seed | 1 | settings.Seed: unknown field",
                "settings | [] | settings: a list is not an object with the fields score, seed,",
                "services | {} | services: an object is not a list of services",
                "services[0] | 7 | services[0]: 7 is not an object with the fields name,",
                "services[0].name | '' | services[0].name: \"\" is not a name of up to 63 letters",
                "services[0].name | 'a b' | services[0].name: \"a b\" is not a name",
                "services[0].name | 'api' | services[1].name: api is the name of services[0] already",
                "services[0].name | | services[0].name: missing; it must be a name",
                "services[0].address | '::1' | services[0].address: \"::1\" is not an IPv4 unicast address",
                "services[0].address | '224.0.0.1' | services[0].address: \"224.0.0.1\" is not an IPv4 unicast address",
                "services[0].address | '10.0.0.01' | services[0].address: \"10.0.0.01\" is not an IPv4 unicast",
                "services[0].address | '10.0.0.256' | services[0].address: \"10.0.0.256\" is not an IPv4 unicast",
                "services[0].address | '127.0.0.1' | services[0].address: \"127.0.0.1\" is not an IPv4 unicast",
                "services[0].address | '10.0.1.1' | services[0].servers[0].address: 10.0.1.1 is the virtual address "
                        + "already, by services[0].address",
                "services[0].port | 0 | services[0].port: 0 is not a whole number from 1 to 65535",
                "services[0].port | 65536 | services[0].port: 65536 is not a whole number from 1 to 65535",
                "services[0].port | '80' | services[0].port: \"80\" is not a whole number from 1 to 65535",
                "services[0].port | 80.0 | services[0].port: 80.0 is not a whole number from 1 to 65535",
                "services[0].port | 443 | services[1].port: 203.0.113.10:443 is services[0] already",
                "services[0].port | | services[0].port: missing; it must be a whole number from 1 to 65535",
                "services[0].policy | 'fastest' | services[0].policy: \"fastest\" is not one of round-robin, source-hash",
                "services[0].handOff | 'tunnel' | services[0].handOff: \"tunnel\" is not one of direct, relay",
                "services[0].unknown | 'RESET' | services[0].unknown: \"RESET\" is not one of reset, drop, adopt",
                "services[0].granularity | 'bucket' | services[0].granularity: \"bucket\" is not one of connection, buckets",
                "services[0].granularity | 'buckets' | services[0].handOff: relay does not go with granularity "
                        + "\"buckets\": every ILB has the rules of all buckets",
                "services[0].buckets | {} | services[0].buckets: present, but granularity is not \"buckets\"",
                "services[1].granularity | | services[1].buckets: present, but granularity is not \"buckets\"",
                "services[1].policy | 'source-hash' | services[1].policy: source-hash does not go with granularity",
                "services[1].buckets.bits | 6 | services[1].buckets.bits: unknown field; the fields here are count,",
                "services[1].buckets.count | 32 | services[1].buckets.count: 32 is not 16, the number of buckets that "
                        + "services[1].buckets.portBits makes",
                "services[1].buckets.count | 17 | services[1].buckets.count: 17 is not a power of two from 16 to 1024",
                "services[1].buckets.count | 8 | services[1].buckets.count: 8 is not a whole number from 16 to 1024",
                "services[1].buckets.count | 2048 | services[1].buckets.count: 2048 is not a whole number from 16 to",
                "services[1].buckets.portBits[1] | 0 | services[1].buckets.portBits[1]: 0, the lowest bit, tells no "
                        + "buckets apart: clients prefer even ports",
                "services[1].buckets.portBits[1] | 2 | services[1].buckets.portBits[1]: 2 is in the list already",
                "services[1].buckets.portBits[1] | 16 | services[1].buckets.portBits[1]: 16 is not a whole number from",
                "services[1].buckets.portBits | [1,2,3] | services[1].buckets.portBits: has 3 bits, which make 8 buckets",
                "services[1].buckets.portBits | [1,2,3,4,5,6,7,8,9,10,11] | services[1].buckets.portBits: has 11 bits",
                "services[1].buckets.portBits | [] | services[1].buckets.portBits: has 0 bits",
                "services[1].buckets.binding | 'now' | services[1].buckets.binding: \"now\" is not one of ahead, lazy",
                "services[1].buckets.moveSynAfter | 61 | services[1].buckets.moveSynAfter: 61 is not a whole number from",
                "services[1].buckets.movePinAfter | -1 | services[1].buckets.movePinAfter: -1 is not a whole number from",
                "services[1].buckets.moving | 17 | services[1].buckets.moving: 17 is not a whole number from 1 to 16",
                "services[1].affinity | 60 | services[1].affinity: present, but does not go with granularity \"buckets\"",
                "services[0].affinity | 0 | services[0].affinity: 0 is not a whole number from 1 to 604800",
                "services[0].return | 'tunnel' | services[0].return: \"tunnel\" is not one of nat, dsr",
                "services[0].return | 'dsr' | services[0].servers[0].port: 8080 is not 80, the service's port",
                "services[0].onFailure | 'drop' | services[0].onFailure: \"drop\" is not one of reset, keep",
                "services[0].health.kind | | services[0].health.kind: missing; it must be one of arp, tcp, http",
                "services[0].health.kind | 'tcp' | services[0].health.method: present, but kind is not \"http\"",
                "services[0].health.interval | 99 | services[0].health.interval: 99 is not a whole number from 100 to",
                "services[0].health.timeout | 501 | services[0].health.timeout: 501 is not a whole number from 1 to 500",
                "services[0].health.rise | 0 | services[0].health.rise: 0 is not a whole number from 1 to 100",
                "services[0].health.method | 'PUT' | services[0].health.method: \"PUT\" is not one of GET, HEAD",
                "services[0].health.path | '/a b' | services[0].health.path: \"/a b\" is not a path such as",
                "services[0].health.status | '299-200' | services[0].health.status: \"299-200\" is not a status such as",
                "services[0].health.status | 99 | services[0].health.status: 99 is not a whole number from 100 to 599",
                "services[0].servers[1].state | 'down' | services[0].servers[1].state: \"down\" is not one of enabled,",
                "services[0].servers[1].state | 'enabled' | services[0].servers[1].drainUntil: present, but state is not",
                "services[0].servers[1].drainUntil | 'soon' | services[0].servers[1].drainUntil: \"soon\" is not a moment",
                "services[0].backups[0].address | '10.0.1.2' | services[0].backups[0].port: 10.0.1.2:8080 is "
                        + "services[0].servers[1] already",
                "services[0].direct[0] | '10.9.0.1/16' | services[0].direct[0]: \"10.9.0.1/16\" is not an IPv4 prefix "
                        + "such as 10.0.0.0/24; bits beyond the length must be 0, as in 10.9.0.0/16",
                "services[0].direct[0] | '10.9.0.0' | services[0].direct[0]: \"10.9.0.0\" is not an IPv4 prefix",
                "services[0].direct[0] | '0.0.0.0/0' | services[0].direct[0]: \"0.0.0.0/0\" is not an IPv4 prefix",
                "services[0].direct[0] | '10.9.0.0/33' | services[0].direct[0]: \"10.9.0.0/33\" is not an IPv4 prefix",
                "services[0].direct[0] | '10.8.0.128/25' | services[0].direct[0]: 10.8.0.128/25 lies within "
                        + "services[0].direct[1], 10.8.0.0/24",
                "services[0].direct[1] | '10.9.0.0/16' | services[0].direct[1]: 10.9.0.0/16 lies within "
                        + "services[0].direct[0]",
                "services[0].servers | [] | services[0].servers: empty; a service needs at least one server",
                "services[0].servers | | services[0].servers: missing; a service needs at least one server",
                "services[0].servers[0].weight | 1001 | services[0].servers[0].weight: 1001 is not a whole number from "
                        + "0 to 1000",
                "services[0].servers[0].mac | '01:00:5e:00:00:01' | services[0].servers[0].mac: \"01:00:5e:00:00:01\" "
                        + "is not a unicast MAC address",
                "services[0].servers[0].mac | '00:00:00:00:00:00' | services[0].servers[0].mac: ",
                "services[0].servers[0].mac | '02:49:0a:00:00:01' | services[0].servers[0].mac: \"02:49:0a:00:00:01\" "
                        + "is not a MAC address that does not start with 02:49",
                "services[0].servers[0].mac | '0:0:0:0:0:1' | services[0].servers[0].mac: \"0:0:0:0:0:1\" is not a MAC",
                "services[0].servers[0].location | 'of:a1/1' | services[0].servers[0].location: \"of:a1/1\" is not a "
                        + "switch and its port",
                "services[0].servers[0].location | 'of:00000000000000a1' | services[0].servers[0].location: ",
                "services[0].servers[0].location | 'of:00000000000000a1/0' | services[0].servers[0].location: ",
                "services[0].servers[0].location | 'of:0000000000000001/1' | services[0].servers[0].location: "
                        + "of:0000000000000001/1 is ilbs[0].uplink, where the router is",
                "services[0].servers[1].address | '10.0.1.1' | services[0].servers[1].port: 10.0.1.1:8080 is "
                        + "services[0].servers[0] already; a server's address and port belong to one service, once",
                "services[1].servers[0].port | 8080 | services[1].servers[0].port: 10.0.1.1:8080 is "
                        + "services[0].servers[0] already",
                "services[1].servers[0].mac | '00:00:00:00:01:02' | services[1].servers[0].mac: 00:00:00:00:01:02 "
                        + "differs from 00:00:00:00:01:01, configured for 10.0.1.1 before",
                "services[1].servers[0].location | 'of:00000000000000a1/2' | services[1].servers[0].location: ",
                "services[1].servers[0].address | '203.0.113.10' | services[1].servers[0].address: 203.0.113.10 is the "
                        + "virtual address already, by services[0].address",
                "ilbs | [] | ilbs: without any ILB no service can be balanced",
                "ilbs[0].device | 'of:1' | ilbs[0].device: \"of:1\" is not a switch such as",
                "ilbs[0].device | 'of:000000000000000A' | ilbs[0].device: \"of:000000000000000A\" is not a switch",
                "ilbs[0].device | 'of:0000000000000002' | ilbs[1].device: of:0000000000000002 is the device of ilbs[0]",
                "ilbs[0].id | '10.0.2.2' | ilbs[1].id: 10.0.2.2 is the id of ilbs[0] already",
                "ilbs[0].id | 'one' | ilbs[0].id: \"one\" is not the ILB's IPv4 address such as \"10.0.0.1\" or an index",
                "ilbs[0].id | 1 | ilbs[0].address: missing; ilbs[0].id is an index, so an ILB with an uplink needs its address",
                "ilbs[1].id | 1 | ilbs[1].id: 1 and that of ilbs[0] differ in kind; use addresses or indexes for all",
                "ilbs[1].id | -1 | ilbs[1].id: -1 is not a whole number from 0 to 2147483647",
                "ilbs[1].id | | ilbs[1].id: missing; it must be the ILB's IPv4 address",
                "ilbs[1].address | '10.0.2.3' | ilbs[1].address: 10.0.2.3 differs from the id 10.0.2.2",
                "ilbs[0].id | '10.0.1.2' | ilbs[0].id: 10.0.1.2 is a server already, by services[0].servers[1].address",
                "ilbs[0].id | '203.0.113.10' | ilbs[0].id: 203.0.113.10 is the virtual address already",
                "ilbs[1].uplink | | ilbs[1].uplink: missing, unlike that of ilbs[0]; either every ILB has an uplink",
                "ilbs[0].uplink | | ilbs[1].uplink: present, unlike that of ilbs[0]; either every ILB has an uplink",
                "ilbs[0].uplink.port | 4294967041 | ilbs[0].uplink.port: 4294967041 is not a whole number from 1 to",
                "ilbs[0].uplink.nextHop | | ilbs[0].uplink.nextHop: missing; it must be an IPv4 unicast address",
                "ilbs[0].uplink.nextHop | '10.0.2.2' | ilbs[0].uplink.nextHop: 10.0.2.2 is an ILB's address already",
                "settings.score | 'MD5' | settings.score: \"MD5\" is not one of CRC32_MIXED, CRC32",
                "settings.seed | 'deadbeef' | settings.seed: must be a string of 16 hexadecimal digits",
                "settings.seed | 5 | settings.seed: must be a string of 16 hexadecimal digits",
                "settings.gateways[0] | '10.0.3.254' | settings.gateways[1]: 10.0.3.254 is in the list already",
                "settings.gateways[0] | '10.0.1.1' | settings.gateways[0]: 10.0.1.1 is a server already",
                "settings.gateways[0] | '10.0.2.1' | settings.gateways[0]: 10.0.2.1 is an ILB's address already",
                "settings.gateways[0] | '10.0.2.254' | settings.gateways[0]: 10.0.2.254 is a next hop already",
                "settings.gateways[0] | '203.0.113.10' | settings.gateways[0]: 203.0.113.10 is the virtual address",
                "settings.storeWait | 0 | settings.storeWait: 0 is not a whole number from 1 to 10000",
                "settings.ruleIdle | 86401 | settings.ruleIdle: 86401 is not a whole number from 1 to 86400",
                "settings.associationIdle | 604801 | settings.associationIdle: 604801 is not a whole number from 1 to",
                "settings.maxAssociations | 0 | settings.maxAssociations: 0 is not a whole number from 1 to 10000000",
                "settings.cacheSize | -1 | settings.cacheSize: -1 is not a whole number from 0 to 10000000",
                "settings.synFlags | 1 | settings.synFlags: 1 is not true or false",
                "ilbs[0].drain | true | ilbs[0].drain: every ILB is drained; leave one that can own connections",
                "ilbs[0].drain | 'yes' | ilbs[0].drain: \"yes\" is not true or false",
                "settings.endFlags | 'on' | settings.endFlags: \"on\" is not true or false",
                "settings.linger | 0 | settings.linger: 0 is not a whole number from 1 to 3600",
                "settings.embryonic | 3601 | settings.embryonic: 3601 is not a whole number from 1 to 3600",
                "settings.maxRules | 0 | settings.maxRules: 0 is not a whole number from 1 to 10000000",
                "settings.idPeriod | 19 | settings.idPeriod: 19 is not a whole number from 20 to 10000",
                "settings.idMisses | 1 | settings.idMisses: 1 is not a whole number from 2 to 100",
                "settings.idHearers | 17 | settings.idHearers: 17 is not a whole number from 0 to 16",
                "settings.holdDown | 0 | settings.holdDown: 0 is not a whole number from 1 to 3600"
            })
    void oneWrongFieldIsNamedInASentence(String path, String value, String sentence) {
        ObjectNode json = Json.with(Json.routed(), path, value == null ? null : Json.of(value));
        ConfigException e = assertThrows(ConfigException.class, () -> READER.read(json));
        assertEquals(
                sentence,
                e.getMessage()
                        .substring(0, Math.min(sentence.length(), e.getMessage().length())));
        assertEquals(e.getMessage(), e.field() + ": " + e.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "3", "'x'", "true"})
    void whatIsNoObjectIsRefused(String json) {
        ConfigException e = assertThrows(ConfigException.class, () -> READER.read(Json.of(json)));
        assertTrue(e.getMessage().startsWith("the configuration: "), e.getMessage());
        assertThrows(ConfigException.class, () -> READER.read(null));
    }

    @Test
    void whateverTheJsonIsItIsReadOrRefused() {
        long accepted = 0;
        for (int seed = 0; seed < 30_000; seed++) {
            ObjectNode json = (seed % 3 == 0 ? Json.flat() : Json.routed());
            Random random = new Random(seed);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                mutate(json, random);
            }
            FrontEnd frontEnd;
            try {
                frontEnd = READER.read(json);
            } catch (ConfigException e) {
                assertTrue(e.getMessage().length() < 400, e.getMessage());
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + json, e);
            }
            accepted++;
            assertEquals(frontEnd, READER.read(FrontEndWriter.write(frontEnd)), "seed " + seed);
        }
        assertTrue(accepted > 1000, accepted + " accepted");
    }

    /** Replaces, removes, adds or copies something somewhere. */
    private static void mutate(ObjectNode root, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(root, objects);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            object.set("x", value(random));
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        JsonNode old = object.get(name);
        switch (random.nextInt(6)) {
            case 0:
                object.remove(name);
                break;
            case 1:
                object.set(name + (char) random.nextInt(0x250), value(random));
                break;
            case 2:
                ObjectNode other = objects.get(random.nextInt(objects.size()));
                object.set(
                        name,
                        other.path(name).deepCopy().isMissingNode()
                                ? value(random)
                                : other.get(name).deepCopy());
                break;
            case 3:
                object.set(
                        name, old.isInt() ? JsonNodeFactory.instance.numberNode(old.asInt() + 1) : text(old, random));
                break;
            case 4:
                if (old.isArray() && old.size() > 0) {
                    ((ArrayNode) old).add(old.get(0).deepCopy());
                }
                break;
            default:
                object.set(name, value(random));
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node.isObject()) {
            objects.add((ObjectNode) node);
        }
        node.forEach(child -> collect(child, objects));
    }

    private static JsonNode text(JsonNode old, Random random) {
        if (!old.isTextual() || old.textValue().isEmpty()) {
            return value(random);
        }
        StringBuilder text = new StringBuilder(old.textValue());
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
            text.setCharAt(at, "0123456789abcdef.:/".charAt(random.nextInt(19)));
        } else {
            text.insert(at, (char) random.nextInt(0x10000));
        }
        return JsonNodeFactory.instance.textNode(text.toString());
    }

    private static JsonNode value(Random random) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        switch (random.nextInt(12)) {
            case 0:
                return json.nullNode();
            case 1:
                return json.booleanNode(random.nextBoolean());
            case 2:
                return json.numberNode(random.nextInt());
            case 3:
                return json.numberNode(random.nextLong());
            case 4:
                return json.numberNode(new BigInteger(200, random));
            case 5:
                return json.numberNode(random.nextGaussian() * 1e300);
            case 6:
                return json.objectNode();
            case 7:
                return json.arrayNode().add(json.arrayNode());
            case 8:
                return json.textNode("x".repeat(random.nextInt(10_000)));
            case 9:
                return json.textNode(IpAddress.valueOf(random.nextInt()).toString());
            case 10:
                return json.binaryNode(new byte[] {1, 2});
            default:
                return json.numberNode(random.nextInt(2000));
        }
    }
}
