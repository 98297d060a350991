package org.ilb.rest;

import java.util.Set;
import org.onlab.rest.AbstractWebApplication;

/** The resources of the REST interface, with ONOS's authorisation and error answers. */
public final class IlbWebApplication extends AbstractWebApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return getClasses(
                ServicesResource.class,
                IlbsResource.class,
                AssociationsResource.class,
                ElectResource.class,
                FunctionResource.class);
    }
}
