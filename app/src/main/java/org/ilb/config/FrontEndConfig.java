package org.ilb.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.LongSupplier;
import org.ilb.FrontEnd;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.config.Config;
import org.onosproject.net.config.InvalidFieldException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of the front-end function as ONOS's network configuration holds it.
 *
 * <p>ONOS creates one for each JSON that is posted, and for each that it passes on. Not thread-safe, as ONOS asks for.
 */
public final class FrontEndConfig extends Config<ApplicationId> {

    /** The key beneath {@code apps/org.ilb}. */
    public static final String KEY = "ilb";

    private static final Logger log = LoggerFactory.getLogger(FrontEndConfig.class);

    private final FrontEndReader reader;
    private final LongSupplier seeds;

    /**
     * Creates a configuration that has no JSON yet; {@code init} brings it.
     *
     * @param reader reads the JSON
     * @param seeds gives the seed for JSON that has none
     */
    FrontEndConfig(FrontEndReader reader, LongSupplier seeds) {
        this.reader = reader;
        this.seeds = seeds;
    }

    /**
     * Tells whether the JSON may come into force, and gives it a seed if it has none (see the package on why here).
     *
     * @return true
     * @throws InvalidFieldException if it may not, with the field and the sentence, which ONOS passes on to who posted it
     */
    @Override
    public boolean isValid() {
        try {
            reader.read(node);
        } catch (ConfigException e) {
            // ONOS drops a configuration that was posted before the application came without saying why.
            log.warn("Configuration refused: {}", e.getMessage());
            throw new InvalidFieldException(e.field(), e.reason());
        }
        if (!FrontEndReader.seed(node).isPresent()) {
            JsonNode settings = object.path("settings");
            ((ObjectNode) (settings.isObject() ? settings : object.putObject("settings")))
                    .put("seed", FrontEndWriter.seed(seeds.getAsLong()));
        }
        return true;
    }

    /**
     * Returns the configuration as values.
     *
     * @return the configuration
     * @throws ConfigException if it is wrong or has no seed: it was stored behind the back of {@link #isValid()}
     */
    public FrontEnd frontEnd() {
        FrontEnd frontEnd = reader.read(node);
        if (!FrontEndReader.seed(node).isPresent()) {
            throw new ConfigException("settings.seed", "missing");
        }
        return frontEnd;
    }
}
