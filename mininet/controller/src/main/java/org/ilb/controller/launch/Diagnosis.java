package org.ilb.controller.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Finds in a framework that runs, but does not do what it should, what nobody wrote into a log: bundles that do not resolve
 * and components that wait for a service.
 *
 * <p>Of the components only those at the end of the chain are named, whose service nobody even tries to provide or whose
 * activation failed; dozens of others wait for these. The interfaces of the component runtime are loaded by a bundle and
 * unknown to this class's loader, hence the reflection.
 */
final class Diagnosis {
    private static final String RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private final BundleContext context;

    Diagnosis(BundleContext context) {
        this.context = context;
    }

    /** Returns one sentence for each thing that is not as it should be. */
    List<String> sentences() {
        List<String> found = new ArrayList<>(bundles());
        try {
            found.addAll(components());
        } catch (ReflectiveOperationException | RuntimeException e) {
            found.add("the components cannot be listed (" + e + ")");
        }
        return found;
    }

    private List<String> bundles() {
        List<String> found = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.ACTIVE
                    || bundle.getState() == Bundle.STARTING // lazily, or just now
                    || bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
                continue;
            }
            try {
                bundle.start(Bundle.START_TRANSIENT);
            } catch (BundleException e) {
                found.add("bundle " + bundle.getSymbolicName() + " does not start: " + firstLine(e.getMessage()));
            }
        }
        return found;
    }

    private List<String> components() throws ReflectiveOperationException {
        ServiceReference<?> reference = context.getServiceReference(RUNTIME);
        if (reference == null) {
            return List.of("the component runtime is not there");
        }
        Object runtime = context.getService(reference);
        Class<?> api = Class.forName(RUNTIME, false, runtime.getClass().getClassLoader());
        Object none = java.lang.reflect.Array.newInstance(Bundle.class, 0);
        Iterable<?> descriptions = (Iterable<?>)
                api.getMethod("getComponentDescriptionDTOs", none.getClass()).invoke(runtime, none);

        Set<String> offered = new HashSet<>();
        List<Object> configurations = new ArrayList<>();
        for (Object description : descriptions) {
            offered.addAll(Arrays.asList((String[]) field(description, "serviceInterfaces")));
            Iterable<?> some = (Iterable<?>) api.getMethod("getComponentConfigurationDTOs", description.getClass())
                    .invoke(runtime, description);
            some.forEach(configurations::add);
        }
        Set<String> found = new LinkedHashSet<>();
        Map<String, Set<String>> waiting = new TreeMap<>();
        for (Object configuration : configurations) {
            Object description = field(configuration, "description");
            String component = (String) field(description, "implementationClass");
            Object failure = field(configuration, "failure");
            if (failure != null) {
                found.add(component + " could not be activated: " + firstLine(failure.toString()));
            }
            for (String service : missing(configuration, description)) {
                if (!offered.contains(service)) {
                    waiting.computeIfAbsent(service, key -> new TreeSet<>()).add(component);
                }
            }
        }
        waiting.forEach((service, components) ->
                found.add("nobody provides " + service + ", for which " + String.join(", ", components) + " waits"));
        return List.copyOf(found);
    }

    /** Returns the interfaces of the services that a component waits for. */
    private static List<String> missing(Object configuration, Object description) throws ReflectiveOperationException {
        Map<String, String> needed = new HashMap<>();
        for (Object reference : (Object[]) field(description, "references")) {
            needed.put((String) field(reference, "name"), (String) field(reference, "interfaceName"));
        }
        List<String> services = new ArrayList<>();
        for (Object unsatisfied : (Object[]) field(configuration, "unsatisfiedReferences")) {
            String service = needed.get((String) field(unsatisfied, "name"));
            if (service != null) {
                services.add(service);
            }
        }
        return services;
    }

    private static Object field(Object transfer, String name) throws ReflectiveOperationException {
        return transfer.getClass().getField(name).get(transfer);
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.strip().split("\\R", 2)[0];
    }
}
