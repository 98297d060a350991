package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableTable;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ilb.Endpoint;
import org.ilb.Ilb;
import org.ilb.ReturnMode;
import org.ilb.Service;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.PortBits;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/**
 * The rules of all buckets at one ILB: a pure function of where they shall go and where servers are.
 *
 * <p>What a bucket's wildcard leads to is kept apart from the wildcards, because it has to stand before them. Immutable and
 * thread-safe.
 */
final class BucketRules {

    /** All that they depend on; the same inputs have the same rules. */
    static final class Inputs {

        private final Ilb ilb;
        private final Map<Endpoint, BucketTable> tables;
        private final Map<IpAddress, Place> servers;
        private final ImmutableTable<DeviceId, MacAddress, PortNumber> egress;
        /** The services whose servers are sent segments as they come. */
        private final ImmutableSet<Endpoint> untranslated;

        private final boolean singleTable;
        private final boolean synFlags;
        private final boolean endFlags;

        Inputs(Ilb ilb, Map<Endpoint, BucketTable> tables, Situation situation, Standing standing) {
            this.ilb = ilb;
            this.tables = tables;
            this.servers = situation.servers();
            this.untranslated = situation.frontEnd().services().stream()
                    .filter(service -> service.returnMode() == ReturnMode.DSR)
                    .map(Service::endpoint)
                    .collect(ImmutableSet.toImmutableSet());
            this.singleTable = situation.singleTable().contains(ilb.device());
            this.egress = standing.egress();
            this.synFlags = situation.frontEnd().settings().synFlags();
            this.endFlags = situation.frontEnd().settings().endFlags() && !singleTable;
        }

        private Map<MacAddress, PortNumber> ports() {
            return singleTable ? egress.row(ilb.device()) : ImmutableMap.of();
        }

        @Override
        public int hashCode() {
            return Objects.hash(ilb, tables, servers, singleTable);
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Inputs)) {
                return false;
            }
            Inputs that = (Inputs) other;
            return ilb.equals(that.ilb)
                    && singleTable == that.singleTable
                    && synFlags == that.synFlags
                    && endFlags == that.endFlags
                    && servers.equals(that.servers)
                    && untranslated.equals(that.untranslated)
                    && ports().equals(that.ports())
                    && tables.equals(that.tables);
        }
    }

    private final ImmutableSet<FlowRule> later;
    private final ImmutableSet<FlowRule> quiet;
    private final ImmutableSet<FlowRule> wildcards;
    private final ImmutableSet<FlagRule> flags;
    private final ImmutableSet<Endpoint> unknown;

    private BucketRules(Draft draft) {
        this.later = draft.later.build();
        this.quiet = draft.quiet.build();
        this.wildcards = draft.wildcards.build();
        this.flags = draft.flags.build();
        this.unknown = ImmutableSet.copyOf(draft.unknown);
    }

    static BucketRules of(Inputs inputs, Rules rules, Flattening flattening) {
        Draft draft = new Draft(inputs, rules, flattening);
        inputs.tables.forEach((service, table) -> {
            if (inputs.singleTable) {
                draft.writeFlat(service, table);
            } else {
                draft.write(service, table);
            }
        });
        return new BucketRules(draft);
    }

    /** Returns what stands in the tables that wildcards of moving buckets lead to. */
    ImmutableSet<FlowRule> later() {
        return later;
    }

    /**
     * Returns what keeps SYNs from coming up in the tables that wildcards of moving buckets lead to. To stand after the rest
     * there: until then a SYN must not go where the bucket's segments will not go for long.
     */
    ImmutableSet<FlowRule> quiet() {
        return quiet;
    }

    /** Returns the wildcards of the buckets. */
    ImmutableSet<FlowRule> wildcards() {
        return wildcards;
    }

    /** Returns the rules on TCP flags in the tables that wildcards of moving buckets lead to. */
    ImmutableSet<FlagRule> flags() {
        return flags;
    }

    /** Returns the servers that no rule leads to, although one should, because nobody knows where they are. */
    Set<Endpoint> unknown() {
        return unknown;
    }

    /** The rules while they are being written down. Not thread-safe. */
    private static final class Draft {

        private final Inputs inputs;
        private final Rules rules;
        private final Flattening flattening;
        private final DeviceId device;
        private final MacAddress ilb;
        private final ImmutableSet.Builder<FlowRule> later = ImmutableSet.builder();
        private final ImmutableSet.Builder<FlowRule> quiet = ImmutableSet.builder();
        private final ImmutableSet.Builder<FlowRule> wildcards = ImmutableSet.builder();
        private final ImmutableSet.Builder<FlagRule> flags = ImmutableSet.builder();
        private final Set<Endpoint> unknown = new LinkedHashSet<>();

        private Draft(Inputs inputs, Rules rules, Flattening flattening) {
            this.inputs = inputs;
            this.rules = rules;
            this.flattening = flattening;
            this.device = inputs.ilb.device();
            this.ilb = FabricMac.of(inputs.ilb);
        }

        private void write(Endpoint service, BucketTable table) {
            boolean through = false;
            boolean synsUp = false;
            for (Map.Entry<Integer, BucketRoute> entry : table.routes().entrySet()) {
                PortBits bits = PortBits.of(entry.getKey(), table.portMask());
                BucketRoute route = entry.getValue();
                if (route.isDirect()) {
                    mac(route)
                            .ifPresent(mac -> wildcards.add(
                                    rules.bucket(device, ilb, service, bits, addressed(service, route), mac)));
                } else {
                    writeThrough(service, bits, route);
                    through = true;
                    synsUp |= route.synsUp();
                }
            }
            if (through) {
                later.add(rules.movingOn(device, service));
                if (inputs.endFlags) {
                    flags.add(FlagRule.movingEnd(service));
                }
            }
            if (synsUp && inputs.synFlags) {
                flags.add(FlagRule.movingSyn(service));
            }
        }

        private void writeThrough(Endpoint service, PortBits bits, BucketRoute route) {
            wildcards.add(rules.movingBucket(device, service, bits));
            if (!route.synsUp()) {
                quiet.add(rules.movingQuietly(device, service, bits));
            }
            Optional<MacAddress> mac = mac(route);
            // A server that nobody finds is as good as none: who asks the controller is answered when it is found.
            later.add(
                    mac.isPresent()
                            ? rules.fallback(device, ilb, service, bits, addressed(service, route), mac.get())
                            : rules.fallbackPunt(device, service, bits));
        }

        /** With one table exact rules precede in any case, so a fallback is a wildcard, and a punt is none. */
        private void writeFlat(Endpoint service, BucketTable table) {
            table.routes().forEach((number, route) -> {
                PortBits bits = PortBits.of(number, table.portMask());
                mac(route).ifPresent(mac -> {
                    PortNumber out = inputs.egress.get(device, mac);
                    if (out == null) {
                        unknown.add(route.server().orElseThrow());
                    } else {
                        wildcards.addAll(flattening.bucket(
                                rules.bucket(device, ilb, service, bits, addressed(service, route), mac), ilb, out));
                    }
                });
                if (route.synsUp() && inputs.synFlags) {
                    flags.add(FlagRule.clientSyn(ilb, service, bits));
                }
            });
        }

        private Endpoint addressed(Endpoint service, BucketRoute route) {
            return inputs.untranslated.contains(service)
                    ? service
                    : route.server().orElseThrow();
        }

        private Optional<MacAddress> mac(BucketRoute route) {
            return route.server().flatMap(server -> {
                Optional<MacAddress> mac = Optional.ofNullable(inputs.servers.get(server.address()))
                        .map(Place::mac);
                if (mac.isEmpty()) {
                    unknown.add(server);
                }
                return mac;
            });
        }
    }
}
