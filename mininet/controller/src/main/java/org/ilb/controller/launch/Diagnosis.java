package org.ilb.controller.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        for (Object configuration : configurations) {
            found.addAll(problems(configuration, offered));
        }
        return List.copyOf(found);
    }

    private static List<String> problems(Object configuration, Set<String> offered)
            throws ReflectiveOperationException {
        Object description = field(configuration, "description");
        String name = (String) field(description, "implementationClass");
        List<String> found = new ArrayList<>();
        Object failure = field(configuration, "failure");
        if (failure != null) {
            found.add(name + " could not be activated: " + firstLine(failure.toString()));
        }
        Map<String, String> needed = new HashMap<>();
        for (Object reference : (Object[]) field(description, "references")) {
            needed.put((String) field(reference, "name"), (String) field(reference, "interfaceName"));
        }
        for (Object unsatisfied : (Object[]) field(configuration, "unsatisfiedReferences")) {
            String service = needed.get((String) field(unsatisfied, "name"));
            if (service != null && !offered.contains(service)) {
                found.add(name + " waits for " + service + ", which nobody provides");
            }
        }
        return found;
    }

    private static Object field(Object transfer, String name) throws ReflectiveOperationException {
        return transfer.getClass().getField(name).get(transfer);
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.strip().split("\\R", 2)[0];
    }
}
