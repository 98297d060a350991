package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.onosproject.cfg.ComponentConfigService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounds that an operator may tune on a running controller, through ONOS's component configuration. They concern this
 * node's resources; what the function does is in its network configuration.
 *
 * <p>ONOS checks no more than that a value is a whole number. One that is out of its range is refused here: a sentence in the log
 * says so, the former value stays in force and is written back. Thread-safe.
 */
@Component(
        immediate = true,
        service = Tuning.class,
        property = {
            Tuning.STORE_IN_FLIGHT + ":Integer=" + Tuning.STORE_IN_FLIGHT_DEFAULT,
            Tuning.SETTING_UP + ":Integer=" + Tuning.SETTING_UP_DEFAULT,
            Tuning.QUEUED_SEGMENTS + ":Integer=" + Tuning.QUEUED_SEGMENTS_DEFAULT,
            Tuning.RESETS_PER_SECOND + ":Integer=" + Tuning.RESETS_PER_SECOND_DEFAULT
        })
public class Tuning {

    static final String STORE_IN_FLIGHT = "storeInFlight";
    static final int STORE_IN_FLIGHT_DEFAULT = 64;
    static final String SETTING_UP = "settingUp";
    static final int SETTING_UP_DEFAULT = 20_000;
    static final String QUEUED_SEGMENTS = "queuedSegments";
    static final int QUEUED_SEGMENTS_DEFAULT = 10_000;
    static final String RESETS_PER_SECOND = "resetsPerSecond";
    static final int RESETS_PER_SECOND_DEFAULT = 10_000;

    /** Each property with the range that its values must be in; hundreds in flight make ONOS's maps stand still. */
    static final ImmutableMap<String, Range> RANGES = ImmutableMap.of(
            STORE_IN_FLIGHT, new Range(STORE_IN_FLIGHT_DEFAULT, 1, 128),
            SETTING_UP, new Range(SETTING_UP_DEFAULT, 10, 200_000),
            QUEUED_SEGMENTS, new Range(QUEUED_SEGMENTS_DEFAULT, 100, 1_000_000),
            RESETS_PER_SECOND, new Range(RESETS_PER_SECOND_DEFAULT, 1, 100_000));

    private static final Logger LOG = LoggerFactory.getLogger(Tuning.class);

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected ComponentConfigService configService;

    private ImmutableMap<String, Integer> values = defaults();
    private Consumer<Tuning> follower = tuning -> {};

    private static ImmutableMap<String, Integer> defaults() {
        ImmutableMap.Builder<String, Integer> all = ImmutableMap.builder();
        RANGES.forEach((name, range) -> all.put(name, range.byDefault));
        return all.build();
    }

    /**
     * Registers the properties with ONOS.
     *
     * @param properties their values
     */
    @Activate
    protected void activate(Map<String, Object> properties) {
        configService.registerProperties(getClass());
        modified(properties);
    }

    /** Takes the properties back; ONOS keeps their values. */
    @Deactivate
    protected void deactivate() {
        configService.unregisterProperties(getClass(), false);
    }

    /**
     * Puts other values in force, as far as they are within their ranges.
     *
     * @param properties all values
     */
    @Modified
    protected void modified(Map<String, Object> properties) {
        ImmutableMap.Builder<String, String> refused = ImmutableMap.builder();
        synchronized (this) {
            ImmutableMap.Builder<String, Integer> next = ImmutableMap.builder();
            RANGES.forEach((name, range) -> {
                Object given = properties.get(name);
                Optional<Integer> value = given == null ? Optional.of(range.byDefault) : range.read(given);
                if (value.isEmpty()) {
                    LOG.warn(
                            "{} is '{}'; it must be a whole number from {} to {}; {} stays in force",
                            name,
                            given,
                            range.least,
                            range.most,
                            values.get(name));
                    refused.put(name, values.get(name).toString());
                }
                next.put(name, value.orElse(values.get(name)));
            });
            values = next.build();
            follower.accept(this);
        }
        // What is shown shall be what is in force.
        refused.build()
                .forEach((name, former) -> configService.setProperty(getClass().getName(), name, former));
    }

    /**
     * Tells of the values in force, now and whenever they change.
     *
     * @param told is told, one call at a time; must return at once
     */
    synchronized void follow(Consumer<Tuning> told) {
        follower = told;
        told.accept(this);
    }

    /** A property's value in force. */
    synchronized int get(String name) {
        return values.get(name);
    }

    /** What a property may be. */
    static final class Range {

        final int byDefault;
        final int least;
        final int most;

        Range(int byDefault, int least, int most) {
            this.byDefault = byDefault;
            this.least = least;
            this.most = most;
        }

        /** Reads a value as ONOS gives it; empty if it is none, or out of range. */
        Optional<Integer> read(Object given) {
            Integer value = Ints.tryParse(given.toString().trim());
            return Optional.ofNullable(value).filter(number -> number >= least && number <= most);
        }
    }
}
