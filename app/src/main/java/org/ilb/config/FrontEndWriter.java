package org.ilb.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ilb.Buckets;
import org.ilb.FrontEnd;
import org.ilb.HealthCheck;
import org.ilb.Ilb;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;

/**
 * Writes a configuration as JSON, every field with its value; {@link FrontEndReader} reads it as the same.
 *
 * <p>Stateless and thread-safe.
 */
public final class FrontEndWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FrontEndWriter() {}

    /**
     * Writes a configuration.
     *
     * @param frontEnd the configuration
     * @return what {@link FrontEndReader#read} reads as the same
     */
    public static ObjectNode write(FrontEnd frontEnd) {
        ObjectNode json = JSON.objectNode();
        ArrayNode services = json.putArray("services");
        frontEnd.services().forEach(service -> services.add(write(service)));
        ArrayNode ilbs = json.putArray("ilbs");
        frontEnd.ilbs().forEach(ilb -> ilbs.add(write(ilb)));
        ObjectNode settings = write(frontEnd.settings());
        settings.put("seed", seed(frontEnd.settings().seed()));
        json.set("settings", settings);
        return json;
    }

    /**
     * Writes a service.
     *
     * @param service the service
     * @return an element of {@code services}
     */
    public static ObjectNode write(Service service) {
        ObjectNode json = JSON.objectNode()
                .put("name", service.name())
                .put("address", service.endpoint().address().toString())
                .put("port", service.endpoint().port())
                .put("policy", service.policy())
                .put("handOff", FrontEndReader.word(FrontEndReader.HAND_OFFS, service.handOff()))
                .put("unknown", FrontEndReader.word(FrontEndReader.UNKNOWNS, service.unknown()))
                .put(
                        "granularity",
                        FrontEndReader.word(
                                BucketsReader.GRANULARITIES, service.buckets().isPresent()));
        service.buckets().ifPresent(buckets -> json.set("buckets", write(buckets)));
        ArrayNode direct = json.putArray("direct");
        service.direct().forEach(prefix -> direct.add(prefix.toString()));
        ArrayNode servers = json.putArray("servers");
        service.servers().forEach(server -> servers.add(write(server)));
        ArrayNode backups = json.putArray("backups");
        service.backups().forEach(server -> backups.add(write(server)));
        service.health().ifPresent(health -> json.set("health", write(health)));
        json.put("onFailure", FrontEndReader.word(FrontEndReader.FAILURES, service.onFailure()));
        service.affinity().ifPresent(timeout -> json.put("affinity", timeout.getSeconds()));
        return json.put("return", FrontEndReader.word(FrontEndReader.RETURNS, service.returnMode()));
    }

    private static ObjectNode write(HealthCheck health) {
        ObjectNode json = JSON.objectNode()
                .put("kind", FrontEndReader.word(HealthReader.KINDS, health.kind()))
                .put("interval", health.interval().toMillis())
                .put("timeout", health.timeout().toMillis())
                .put("rise", health.rise())
                .put("fall", health.fall());
        return health.kind() != HealthCheck.Kind.HTTP
                ? json
                : json.put("method", health.method())
                        .put("path", health.path())
                        .put("status", health.statusFrom() + "-" + health.statusTo());
    }

    private static ObjectNode write(Buckets buckets) {
        ObjectNode json = JSON.objectNode().put("count", buckets.count());
        ArrayNode portBits = json.putArray("portBits");
        for (int rest = buckets.portMask(); rest != 0; rest &= rest - 1) {
            portBits.add(Integer.numberOfTrailingZeros(rest));
        }
        return json.put("binding", FrontEndReader.word(BucketsReader.BINDINGS, buckets.binding()))
                .put("moveSynAfter", buckets.moveSynAfter().getSeconds())
                .put("movePinAfter", buckets.movePinAfter().getSeconds())
                .put("moving", buckets.moving());
    }

    /**
     * Writes a server.
     *
     * @param server the server
     * @return an element of {@code servers}
     */
    public static ObjectNode write(Server server) {
        ObjectNode json = JSON.objectNode()
                .put("address", server.endpoint().address().toString())
                .put("port", server.endpoint().port())
                .put("weight", server.weight());
        server.mac().ifPresent(mac -> json.put("mac", mac.toString()));
        server.location().ifPresent(location -> json.put("location", location.deviceId() + "/" + location.port()));
        json.put("state", FrontEndReader.word(ServersReader.STATES, server.state()));
        server.drainUntil().ifPresent(deadline -> json.put("drainUntil", deadline.toString()));
        return json;
    }

    /**
     * Writes an ILB.
     *
     * @param ilb the ILB
     * @return an element of {@code ilbs}
     */
    public static ObjectNode write(Ilb ilb) {
        ObjectNode json = JSON.objectNode().put("device", ilb.device().toString());
        if (ilb.id().isIndex()) {
            json.put("id", Integer.parseInt(ilb.id().toString()));
        } else {
            json.put("id", ilb.id().toString());
        }
        ilb.address().ifPresent(address -> json.put("address", address.toString()));
        ilb.uplink()
                .ifPresent(uplink -> json.set(
                        "uplink",
                        JSON.objectNode()
                                .put("port", uplink.port().toLong())
                                .put("nextHop", uplink.nextHop().toString())));
        return json.put("drain", ilb.draining());
    }

    /**
     * Writes the settings, all but the secret.
     *
     * @param settings the settings
     * @return the object {@code settings} without its {@code seed}
     */
    public static ObjectNode write(Settings settings) {
        ObjectNode json = JSON.objectNode().put("score", FrontEndReader.word(FrontEndReader.SCORES, settings.score()));
        ArrayNode gateways = json.putArray("gateways");
        settings.gateways().forEach(gateway -> gateways.add(gateway.toString()));
        json.put("storeWait", settings.storeWait().toMillis())
                .put("ruleIdle", settings.ruleIdle().getSeconds())
                .put("associationIdle", settings.associationIdle().getSeconds())
                .put("maxAssociations", settings.maxAssociations())
                .put("cacheSize", settings.cacheSize())
                .put("synFlags", settings.synFlags());
        ArrayNode singleTable = json.putArray("singleTable");
        settings.singleTable().forEach(device -> singleTable.add(device.toString()));
        return json.put("endFlags", settings.endFlags())
                .put("linger", settings.linger().getSeconds())
                .put("embryonic", settings.embryonic().getSeconds())
                .put("maxRules", settings.maxRules())
                .put("idPeriod", settings.idPeriod().toMillis())
                .put("idMisses", settings.idMisses())
                .put("idHearers", settings.idHearers())
                .put("holdDown", settings.holdDown().getSeconds());
    }

    /**
     * Writes a seed.
     *
     * @param seed 64 bits
     * @return 16 hexadecimal digits
     */
    public static String seed(long seed) {
        return String.format("%016x", seed);
    }
}
