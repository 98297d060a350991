package org.ilb.rest;

import java.io.InputStream;
import org.onosproject.rest.ApiDocProvider;
import org.onosproject.rest.ApiDocService;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Shows this interface in ONOS's own API page, {@code /onos/v1/docs}, as long as there is one.
 *
 * <p>What it shows is the resource {@code apidoc/swagger.json}, written by hand: ONOS's generator knows neither PATCH nor
 * parameters that are read from the query. A test compares it with the resources.
 */
@Component(immediate = true)
public class ApiDocumentation {

    /** Where the interface is; the page asks for its documentation by this. */
    static final String KEY = "/onos/ilb/v1";

    static final String RESOURCE = "/apidoc/swagger.json";

    private final ApiDocProvider provider = new Provider("Front-end Load Balancing REST API");

    /**
     * Begins to show the interface.
     *
     * @param page ONOS's page
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "unbindPage")
    protected void bindPage(ApiDocService page) {
        page.register(provider);
    }

    /**
     * Ends showing it.
     *
     * @param page ONOS's page
     */
    protected void unbindPage(ApiDocService page) {
        page.unregister(provider);
        // ONOS 2.5 to 2.7 put it away by its key and look for it by its name.
        page.unregister(new Provider(KEY));
    }

    /** Finds the resource by this class, whose bundle has it. */
    private static final class Provider extends ApiDocProvider {

        Provider(String name) {
            super(KEY, name, ApiDocumentation.class.getClassLoader());
        }

        @Override
        public InputStream docs() {
            return ApiDocumentation.class.getResourceAsStream(RESOURCE);
        }
    }
}
