package org.ilb.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.ReturnMode;
import org.ilb.ScoreKind;
import org.ilb.ServerFailure;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.server.SelectionPolicies;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onosproject.net.DeviceId;

/**
 * Reads the configuration from JSON: the shape, the defaults and the ranges of {@code docs/configuration.md}.
 *
 * <p>Immutable and thread-safe.
 */
public final class FrontEndReader {

    /** The policy of a service that names none. */
    public static final String DEFAULT_POLICY = "weighted-round-robin";

    static final Set<String> TOP = ImmutableSet.of("services", "ilbs", "settings");
    static final Set<String> SERVICE = ImmutableSet.of(
            "name",
            "address",
            "port",
            "policy",
            "handOff",
            "unknown",
            "granularity",
            "buckets",
            "affinity",
            "return",
            "health",
            "onFailure",
            "direct",
            "servers",
            "backups");
    static final Set<String> ILB = ImmutableSet.of("device", "id", "address", "uplink", "drain");
    static final Set<String> UPLINK = ImmutableSet.of("port", "nextHop");
    static final Set<String> SETTINGS = ImmutableSet.of(
            "score",
            "seed",
            "gateways",
            "storeWait",
            "ruleIdle",
            "associationIdle",
            "maxAssociations",
            "cacheSize",
            "synFlags",
            "singleTable",
            "endFlags",
            "linger",
            "embryonic",
            "maxRules",
            "idPeriod",
            "idMisses",
            "idHearers",
            "holdDown");

    static final Map<String, HandOff> HAND_OFFS = ImmutableMap.of("direct", HandOff.DIRECT, "relay", HandOff.RELAY);
    static final Map<String, UnknownConnection> UNKNOWNS = ImmutableMap.of(
            "reset", UnknownConnection.RESET, "drop", UnknownConnection.DROP, "adopt", UnknownConnection.ADOPT);
    static final Map<String, ReturnMode> RETURNS = ImmutableMap.of("nat", ReturnMode.NAT, "dsr", ReturnMode.DSR);
    static final Map<String, ServerFailure> FAILURES =
            ImmutableMap.of("reset", ServerFailure.RESET, "keep", ServerFailure.KEEP);
    static final Map<String, ScoreKind> SCORES =
            ImmutableMap.of("CRC32_MIXED", ScoreKind.CRC32_MIXED, "CRC32", ScoreKind.CRC32);

    private static final int MAX_STORE_WAIT_MS = 10_000;
    private static final int MAX_RULE_IDLE_S = 86_400;
    private static final int MAX_ASSOCIATION_IDLE_S = 604_800;
    private static final int MAX_TABLE = 10_000_000;
    private static final int MAX_LINGER_S = 3600;
    private static final int MAX_EMBRYONIC_S = 3600;

    // Each message is a packet-out and a packet-in: more often would be load, not speed, and less often no sign of
    // life.
    private static final int MIN_ID_PERIOD_MS = 20;
    private static final int MAX_ID_PERIOD_MS = 10_000;
    private static final int MIN_ID_MISSES = 2;
    private static final int MAX_ID_MISSES = 100;
    private static final int MAX_ID_HEARERS = 16;
    private static final int MAX_HOLD_DOWN_S = 3600;
    private static final int MAX_AFFINITY_S = 604_800;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Map<String, String> policies;

    /**
     * Creates a reader.
     *
     * @param policies the names of the server selection policies that a service may name
     */
    public FrontEndReader(Set<String> policies) {
        this.policies = Maps.toMap(ImmutableSet.copyOf(policies), name -> name);
    }

    /**
     * Reads a configuration.
     *
     * @param json the value of key {@code ilb}
     * @return the configuration, valid as a whole; without a seed in the JSON, its seed is 0
     * @throws ConfigException if anything about it is wrong; nothing else is ever thrown
     */
    public FrontEnd read(JsonNode json) {
        Field top = Field.root(json).object(TOP);
        FrontEnd frontEnd = new FrontEnd(services(top), ilbs(top), settings(top));
        Coherence.check(frontEnd);
        return frontEnd;
    }

    /**
     * Returns the seed that a configuration names.
     *
     * @param json the value of key {@code ilb}, right or wrong
     * @return the seed, empty when there is none or what is there is none
     */
    public static OptionalLong seed(JsonNode json) {
        try {
            return OptionalLong.of(Field.root(json).get("settings").get("seed").seed());
        } catch (ConfigException e) {
            return OptionalLong.empty();
        }
    }

    private List<Service> services(Field top) {
        ImmutableList.Builder<Service> services = ImmutableList.builder();
        for (Field field : top.get("services").list("services")) {
            services.add(service(field.object(SERVICE)));
        }
        return services.build();
    }

    private Service service(Field field) {
        Optional<Buckets> buckets = BucketsReader.read(field);
        return new Service(
                        field.get("name").text(NAME, "a name of up to 63 letters, digits, '.', '_' and '-'"),
                        endpoint(field),
                        policy(field.get("policy"), buckets.isPresent()),
                        handOff(field.get("handOff"), buckets.isPresent()),
                        field.get("unknown").choiceOr(UnknownConnection.RESET, UNKNOWNS),
                        direct(field.get("direct")),
                        ServersReader.pool(field.get("servers")))
                .inBuckets(buckets)
                .backedUpBy(ServersReader.backups(field.get("backups")))
                .checked(HealthReader.read(field.get("health")))
                .onFailure(field.get("onFailure").choiceOr(ServerFailure.RESET, FAILURES))
                .affine(affinity(field.get("affinity"), buckets.isPresent()))
                .returning(field.get("return").choiceOr(ReturnMode.NAT, RETURNS));
    }

    private static Optional<Duration> affinity(Field field, boolean inBuckets) {
        if (!field.isPresent()) {
            return Optional.empty();
        }
        if (inBuckets) {
            throw field.error(
                    "present, but does not go with granularity \"buckets\": buckets tell connections apart by the "
                            + "client's port, so a client's connections are in many");
        }
        return Optional.of(Duration.ofSeconds(field.number(1, MAX_AFFINITY_S)));
    }

    private String policy(Field field, boolean inBuckets) {
        String policy = field.choiceOr(DEFAULT_POLICY, policies);
        if (inBuckets && SelectionPolicies.needsClient(policy)) {
            throw field.error(policy + " does not go with granularity \"buckets\": "
                    + "connections of many clients share a bucket, and those of one client have many");
        }
        return policy;
    }

    private static HandOff handOff(Field field, boolean inBuckets) {
        HandOff handOff = field.choiceOr(HandOff.DIRECT, HAND_OFFS);
        if (inBuckets && handOff == HandOff.RELAY) {
            throw field.error("relay does not go with granularity \"buckets\": every ILB has the rules of all buckets, "
                    + "which lead to the servers, so nothing is handed off");
        }
        return handOff;
    }

    private static Endpoint endpoint(Field field) {
        return Endpoint.of(field.get("address").address(), field.get("port").number(1, Endpoint.MAX_PORT));
    }

    private static List<IpPrefix> direct(Field list) {
        ImmutableList.Builder<IpPrefix> prefixes = ImmutableList.builder();
        for (Field field : list.list("prefixes")) {
            prefixes.add(field.prefix());
        }
        return prefixes.build();
    }

    private static List<Ilb> ilbs(Field top) {
        ImmutableList.Builder<Ilb> ilbs = ImmutableList.builder();
        for (Field field : top.get("ilbs").list("ILBs")) {
            ilbs.add(ilb(field.object(ILB)));
        }
        return ilbs.build();
    }

    private static Ilb ilb(Field field) {
        return enrolled(field).draining(field.get("drain").flagOr(false));
    }

    private static Ilb enrolled(Field field) {
        DeviceId device = field.get("device").device();
        Field id = field.get("id");
        Field address = field.get("address");
        Field uplinkField = field.get("uplink");
        Uplink uplink = uplinkField.isPresent() ? uplink(uplinkField.object(UPLINK)) : null;
        if (id.isNumber()) {
            // Without an address its MAC address is made from its index, which has room for 28 bits.
            int index = id.number(0, address.isPresent() ? Integer.MAX_VALUE : FabricMac.MAX_INDEX);
            if (uplink != null && !address.isPresent()) {
                throw address.error(
                        "missing; " + id.path() + " is an index, so an ILB with an uplink needs its address here");
            }
            return new Ilb(IlbId.ofIndex(index), device, address.isPresent() ? address.address() : null, uplink);
        }
        IpAddress idAddress = idAddress(id);
        if (address.isPresent() && !address.address().equals(idAddress)) {
            throw address.error(
                    address.address() + " differs from the id " + idAddress + ", which is the ILB's address");
        }
        return new Ilb(IlbId.of(idAddress), device, idAddress, uplink);
    }

    private static IpAddress idAddress(Field id) {
        try {
            return id.address();
        } catch (ConfigException e) {
            throw id.wrong("the ILB's IPv4 address such as \"10.0.0.1\" or an index such as 1");
        }
    }

    private static Uplink uplink(Field field) {
        return new Uplink(field.get("port").switchPort(), field.get("nextHop").address());
    }

    private static Settings settings(Field top) {
        Field field = top.get("settings");
        if (field.isPresent()) {
            field.object(SETTINGS);
        }
        Field seed = field.get("seed");
        Settings.Builder settings = Settings.builder(seed.isPresent() ? seed.seed() : 0);
        Settings defaults = settings.build();
        return settings.score(field.get("score").choiceOr(defaults.score(), SCORES))
                .gateways(gateways(field.get("gateways")))
                .storeWait(millis(field.get("storeWait"), defaults.storeWait(), 1, MAX_STORE_WAIT_MS))
                .ruleIdle(seconds(field.get("ruleIdle"), defaults.ruleIdle(), MAX_RULE_IDLE_S))
                .associationIdle(
                        seconds(field.get("associationIdle"), defaults.associationIdle(), MAX_ASSOCIATION_IDLE_S))
                .maxAssociations(field.get("maxAssociations").numberOr(defaults.maxAssociations(), 1, MAX_TABLE))
                .cacheSize(field.get("cacheSize").numberOr(defaults.cacheSize(), 0, MAX_TABLE))
                .synFlags(field.get("synFlags").flagOr(defaults.synFlags()))
                .singleTable(switches(field.get("singleTable")))
                .endFlags(field.get("endFlags").flagOr(defaults.endFlags()))
                .linger(seconds(field.get("linger"), defaults.linger(), MAX_LINGER_S))
                .embryonic(seconds(field.get("embryonic"), defaults.embryonic(), MAX_EMBRYONIC_S))
                .maxRules(field.get("maxRules").numberOr(defaults.maxRules(), 1, MAX_TABLE))
                .idPeriod(millis(field.get("idPeriod"), defaults.idPeriod(), MIN_ID_PERIOD_MS, MAX_ID_PERIOD_MS))
                .idMisses(field.get("idMisses").numberOr(defaults.idMisses(), MIN_ID_MISSES, MAX_ID_MISSES))
                .idHearers(field.get("idHearers").numberOr(defaults.idHearers(), 0, MAX_ID_HEARERS))
                .holdDown(seconds(field.get("holdDown"), defaults.holdDown(), MAX_HOLD_DOWN_S))
                .build();
    }

    private static Duration millis(Field field, Duration missing, int min, int max) {
        return Duration.ofMillis(field.numberOr((int) missing.toMillis(), min, max));
    }

    private static Duration seconds(Field field, Duration missing, int max) {
        return Duration.ofSeconds(field.numberOr((int) missing.getSeconds(), 1, max));
    }

    private static Set<IpAddress> gateways(Field list) {
        Set<IpAddress> gateways = new LinkedHashSet<>();
        for (Field field : list.list("addresses")) {
            IpAddress address = field.address();
            if (!gateways.add(address)) {
                throw field.error(address + " is in the list already");
            }
        }
        return gateways;
    }

    private static Set<DeviceId> switches(Field list) {
        Set<DeviceId> switches = new LinkedHashSet<>();
        for (Field field : list.list("switches")) {
            DeviceId device = field.device();
            if (!switches.add(device)) {
                throw field.error(device + " is in the list already");
            }
        }
        return switches;
    }

    /**
     * Returns the word for a value, the way back of {@link Field#choiceOr}.
     *
     * @param words the words of a field
     * @param value one of their values
     * @return its word
     */
    static <T> String word(Map<String, T> words, T value) {
        Optional<String> word = words.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst();
        return word.orElseThrow(() -> new IllegalArgumentException("no word for " + value));
    }
}
