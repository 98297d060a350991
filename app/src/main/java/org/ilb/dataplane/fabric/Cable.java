package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import org.onosproject.net.ConnectPoint;

/**
 * One direction of a link between two switches.
 *
 * <p>Immutable and thread-safe.
 */
final class Cable {

    private final ConnectPoint source;
    private final ConnectPoint destination;

    Cable(ConnectPoint source, ConnectPoint destination) {
        this.source = checkNotNull(source);
        this.destination = checkNotNull(destination);
    }

    ConnectPoint source() {
        return source;
    }

    ConnectPoint destination() {
        return destination;
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, destination);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cable
                && source.equals(((Cable) other).source)
                && destination.equals(((Cable) other).destination);
    }

    @Override
    public String toString() {
        return source + "->" + destination;
    }
}
