package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;

/**
 * The whole configuration of the front-end function, valid as a whole: services, ILBs and settings.
 *
 * <p>Immutable and thread-safe.
 */
public final class FrontEnd {

    private final ImmutableList<Service> services;
    private final ImmutableList<Ilb> ilbs;
    private final Settings settings;

    /**
     * Creates a configuration.
     *
     * @param services the services, with unique names and end points
     * @param ilbs the ILBs, with unique ids and devices
     * @param settings what holds for all of them
     */
    public FrontEnd(List<Service> services, List<Ilb> ilbs, Settings settings) {
        this.services = ImmutableList.copyOf(services);
        this.ilbs = ImmutableList.copyOf(ilbs);
        this.settings = checkNotNull(settings);
    }

    /**
     * Returns the services.
     *
     * @return in the order of the configuration
     */
    public List<Service> services() {
        return services;
    }

    /**
     * Returns the enrolled ILBs, whether they are in or not.
     *
     * @return in the order of the configuration
     */
    public List<Ilb> ilbs() {
        return ilbs;
    }

    /**
     * Returns the settings of the function.
     *
     * @return the settings
     */
    public Settings settings() {
        return settings;
    }

    @Override
    public int hashCode() {
        return Objects.hash(services, ilbs, settings);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrontEnd
                && services.equals(((FrontEnd) other).services)
                && ilbs.equals(((FrontEnd) other).ilbs)
                && settings.equals(((FrontEnd) other).settings);
    }
}
