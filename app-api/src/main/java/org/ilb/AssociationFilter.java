package org.ilb;

import java.util.Optional;

/**
 * Which associations to list.
 *
 * <p>Immutable and thread-safe.
 */
public final class AssociationFilter {

    /** Every association. */
    public static final AssociationFilter ALL = new AssociationFilter(null);

    private final Endpoint service;

    private AssociationFilter(Endpoint service) {
        this.service = service;
    }

    /**
     * Selects the associations of one service.
     *
     * @param endpoint the virtual address and port
     * @return the filter
     */
    public static AssociationFilter ofService(Endpoint endpoint) {
        return new AssociationFilter(endpoint);
    }

    /**
     * Returns the service whose associations are wanted.
     *
     * @return its virtual address and port, empty for all
     */
    public Optional<Endpoint> service() {
        return Optional.ofNullable(service);
    }
}
