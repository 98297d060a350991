package org.ilb.rest;

import com.google.common.collect.ImmutableSet;
import java.util.Set;
import org.onlab.rest.AbstractWebApplication;
import org.onlab.rest.AuthorizationFilter;
import org.onlab.rest.JsonBodyWriter;

/** The resources of the REST interface, with ONOS's authorisation. */
public final class IlbWebApplication extends AbstractWebApplication {

    @Override
    public Set<Class<?>> getClasses() {
        // Without the mappers that ONOS's helper adds: what goes wrong is answered as problem+json.
        return ImmutableSet.of(
                AuthorizationFilter.class,
                JsonBodyWriter.class,
                ProblemMapper.class,
                ServicesResource.class,
                ServersResource.class,
                IlbsResource.class,
                AssociationsResource.class,
                ElectResource.class,
                FunctionResource.class,
                ConfigResource.class,
                ConfigServicesResource.class,
                ConfigServersResource.class,
                ConfigIlbsResource.class);
    }
}
