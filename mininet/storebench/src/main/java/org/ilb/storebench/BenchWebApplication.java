package org.ilb.storebench;

import java.util.Set;
import org.onlab.rest.AbstractWebApplication;

/** The one resource, with ONOS's authorisation. */
public final class BenchWebApplication extends AbstractWebApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return getClasses(FiguresResource.class);
    }
}
